/** Node itself: the user's own where it is new enough, else the locked platform package of the npm registry. */
import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from './build.mjs';
import { explain, SetupFailure, throwIfAborted } from './failure.mjs';
import { digestOfFile } from './hashes.mjs';
import { npm } from './npm.mjs';
import { cacheFolder, packageFolder, platformName } from './paths.mjs';
import { execute } from './processes.mjs';

/** The first line of Node that runs `.ts` files as they stand and has what the solver's kernels use. */
export const REQUIRED_MAJOR = 24;

/** Whether the Node that runs this is new enough. */
export function nodeIsCurrent() {
  return Number.parseInt(process.versions.node, 10) >= REQUIRED_MAJOR;
}

/**
 * @typedef {{ package: string, version: string, integrity: string, binary: string }} LockedNode
 */

/**
 * A Node to run twincell with: this one, or the locked one (`required`); `newest` is the second Node of the tests.
 * @param {'required' | 'newest'} [which]
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<{ node: string, version: string }>}
 */
export async function ensureNode(which = 'required', options = {}) {
  if (which === 'required' && nodeIsCurrent()) return { node: process.execPath, version: process.versions.node };
  const locked = await lockedNode(which);
  if (locked.version === process.versions.node) return { node: process.execPath, version: locked.version };
  const folder = join(cacheFolder(), 'node', `${locked.version}-${platformName()}`);
  const step = `Node ${locked.version}`;
  await ensureFolder(
    {
      step,
      folder,
      neededMb: 400,
      make: async (temporary) => {
        options.report?.({ step, state: 'progress', message: `fetching ${locked.package} with npm (about 50 MB)` });
        await fetchNode(locked, temporary, options.signal);
        return { ...locked };
      },
    },
    options,
  );
  return { node: join(folder, locked.binary), version: locked.version };
}

/** @param {'required' | 'newest'} which @returns {Promise<LockedNode>} */
async function lockedNode(which) {
  const lock = JSON.parse(await readFile(join(packageFolder(), 'env', 'node.lock.json'), 'utf8'));
  const locked = lock[which][platformName()];
  if (locked !== undefined) return locked;
  throw new SetupFailure({
    what: `twincell needs Node ${REQUIRED_MAJOR} or later, and has no package of it for ${platformName()}.`,
    found: `Node ${process.versions.node} on ${platformName()}`,
    required: `Node ${REQUIRED_MAJOR} or later`,
    mend: [`install Node ${REQUIRED_MAJOR} or later yourself, put it first on PATH, and run the command again`],
  });
}

/**
 * @param {LockedNode} locked
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function fetchNode(locked, folder, signal) {
  const name = `${locked.package}@${locked.version}`;
  const download = join(folder, 'download');
  await mkdir(download);
  const packed = await npm(['pack', name, '--pack-destination', download, '--ignore-scripts', '--loglevel=error'], {
    signal,
  });
  throwIfAborted(signal);
  if (packed.status !== 0) {
    throw explain({ what: `Fetching ${name} with npm failed.`, output: packed.output, folder: cacheFolder() });
  }
  const archive = (await readdir(download)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined)
    throw new SetupFailure({ what: `npm pack ${name} left no archive.`, found: packed.output });
  await verify(join(download, archive), locked.integrity, name);
  const unpacked = await execute('tar', ['-xzf', join(download, archive), '-C', folder], { signal });
  if (unpacked.status !== 0) {
    throw explain({ what: `Unpacking ${name} failed.`, output: unpacked.output, folder: cacheFolder() });
  }
  await mkdir(join(folder, 'bin'));
  await rename(join(folder, 'package', locked.binary), join(folder, locked.binary));
  await rename(join(folder, 'package', 'LICENSE'), join(folder, 'LICENSE')).catch(() => {});
  await rm(join(folder, 'package'), { recursive: true });
  await rm(download, { recursive: true });
  await chmod(join(folder, locked.binary), 0o755);
  await probe(join(folder, locked.binary), locked);
}

/**
 * @param {string} file
 * @param {string} integrity `sha512-…` in base64, as npm writes it
 * @param {string} name
 */
export async function verify(file, integrity, name) {
  const found = `sha512-${await digestOfFile(file, 'sha512', 'base64')}`;
  if (found === integrity) return;
  throw new SetupFailure({
    code: 'integrity',
    what: `The archive of ${name} is not the one twincell was tested with; it was not unpacked.`,
    found,
    required: integrity,
    mend: [
      'npm cache verify, then run the command again',
      'ask whoever runs your npm registry or proxy whether it alters packages',
    ],
  });
}

/** @param {string} node @param {LockedNode} locked */
async function probe(node, locked) {
  const run = await execute(node, ['--version']);
  if (run.status === 0 && run.stdout.trim() === `v${locked.version}`) return;
  throw new SetupFailure({
    what: `Node ${locked.version} does not run on this machine.`,
    found: run.output.trim() || `exit code ${run.status}`,
    required: `a system that the package ${locked.package} supports (on Linux: glibc 2.28 or later)`,
    mend: [`install Node ${REQUIRED_MAJOR} or later by your system's own means and put it first on PATH`],
  });
}
