/**
 * `npm run build`: compiles `src/` into `dist/`, with declarations, and copies what else `src/` holds.
 *
 * The compiled code finds `env/` by the same relative path as the sources do (`dist/x/y.js` and `src/x/y.ts` are as
 * deep). Declarations of `env/` go to `dist/env/`, not beside the sources, where they would hide them from a checkout's
 * type check; the declarations of `dist/` are pointed there. Not part of the published package.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BROWSER_SCRIPTS, bundleScript } from './bundle.mjs';
import { packageFolder } from './paths.mjs';

const root = packageFolder();
const dist = join(root, 'dist');

/** @param {string} folder @returns {Promise<string[]>} */
async function filesOf(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** @param {string} stage */
function compile(stage) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', stage], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the sources do not compile; dist/ was left as it was');
}

/** Styles and whatever else the sources read at run time. @param {string} into */
async function copyAssets(into) {
  const sources = join(root, 'src');
  for (const file of await filesOf(sources)) {
    if (!/\.[cm]?ts$/.test(file)) await cp(file, join(into, file.slice(sources.length + 1)));
  }
}

/** What runs in a browser, a file a script. @param {string} into */
async function placeBrowserScripts(into) {
  const folder = join(into, 'browser', 'scripts');
  await mkdir(folder, { recursive: true });
  for (const name of /** @type {(keyof typeof BROWSER_SCRIPTS)[]} */ (Object.keys(BROWSER_SCRIPTS))) {
    await writeFile(join(folder, `${name}.js`), await bundleScript(name));
  }
}

/** @param {string} stage @param {string} into */
async function placeDeclarations(stage, into) {
  await mkdir(join(into, 'env'));
  for (const file of await filesOf(join(stage, 'env'))) {
    if (file.endsWith('.d.mts')) await rename(file, join(into, 'env', basename(file)));
  }
  for (const file of await filesOf(into)) {
    if (!file.endsWith('.d.ts')) continue;
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/((?:from |import\()(['"])(?:\.\.\/)*)\.\.\/env\//g, '$1env/'));
  }
}

async function main() {
  // beside dist/, so that the last step is a rename
  const stage = await mkdtemp(join(root, 'dist-'));
  try {
    compile(stage);
    const built = join(stage, 'src');
    await copyAssets(built);
    await placeBrowserScripts(built);
    await placeDeclarations(stage, built);
    await rm(dist, { recursive: true, force: true });
    await rename(built, dist);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

await main();
