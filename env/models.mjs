/** Model files: the source distribution whose example holds the Hay cell, fetched by hash; no code of it runs. */
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchArchive } from './archive.mjs';
import { ensureFolder } from './build.mjs';
import { explain, throwIfAborted } from './failure.mjs';
import { cacheFolder, packageFolder } from './paths.mjs';
import { execute } from './processes.mjs';

/**
 * @typedef {{ version: string, file: string, sha256: string, members: string[] }} LockedArchive
 * @typedef {{ folder: string, mechanisms: string[], morphology: string, sha256: string }} ModelFiles
 */

const PROJECT = 'bluepyopt';
const STEP = 'model files';

/** @returns {Promise<LockedArchive>} */
async function locked() {
  return JSON.parse(await readFile(join(packageFolder(), 'env', 'models.lock.json'), 'utf8'))[PROJECT];
}

/** @param {LockedArchive} archive */
function placeOf(archive) {
  return join(cacheFolder(), 'models', `${PROJECT}-${archive.version}-${archive.sha256.slice(0, 12)}`);
}

/** Whether the model files are in the cache. */
export async function modelFilesAreReady() {
  return existsSync(join(placeOf(await locked()), '.complete.json'));
}

/**
 * The files of the layer-5 pyramidal cell: twelve mechanisms in the order of the C locale, the morphology, and the
 * folder with the release parameters. Fetched on first use.
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<ModelFiles>}
 */
export async function ensureModelFiles(options = {}) {
  const archive = await locked();
  const place = placeOf(archive);
  await ensureFolder(
    {
      step: STEP,
      folder: place,
      neededMb: 80,
      make: async (temporary) => {
        await fetchArchive({ project: PROJECT, ...archive }, join(temporary, archive.file), { ...options, step: STEP });
        await unpack(archive, temporary, options.signal);
        return { ...archive };
      },
    },
    options,
  );
  const folder = join(place, 'examples', 'l5pc');
  const names = (await readdir(join(folder, 'mechanisms'))).filter((name) => name.endsWith('.mod'));
  // code unit order is the C locale's order for these names
  names.sort((a, b) => (a < b ? -1 : 1));
  return {
    folder,
    mechanisms: names.map((name) => join(folder, 'mechanisms', name)),
    morphology: join(folder, 'morphology', 'C060114A7.asc'),
    sha256: archive.sha256,
  };
}

/**
 * Unpacks only the example and the licences.
 * @param {LockedArchive} archive
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function unpack(archive, folder, signal) {
  const root = archive.file.replace(/\.tar\.gz$/, '');
  const members = archive.members.map((member) => `${root}/${member}`);
  const run = await execute('tar', ['-xzf', join(folder, archive.file), '-C', folder, ...members], { signal });
  throwIfAborted(signal);
  if (run.status !== 0) {
    throw explain({ what: `Unpacking ${archive.file} failed.`, output: run.output, folder: cacheFolder() });
  }
  for (const name of await readdir(join(folder, root))) await rename(join(folder, root, name), join(folder, name));
  await rm(join(folder, root), { recursive: true });
  await rm(join(folder, archive.file));
}
