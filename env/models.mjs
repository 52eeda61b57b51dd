/** Model files: the source distribution whose example holds the Hay cell, fetched by hash; no code of it runs. */
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureFolder } from './build.mjs';
import { explain, SetupFailure, throwIfAborted } from './failure.mjs';
import { digestOfFile } from './hashes.mjs';
import { ensureNode } from './node.mjs';
import { cacheFolder, childEnvironment, packageFolder } from './paths.mjs';
import { execute } from './processes.mjs';
import { findPython } from './python.mjs';
import { indexSettings } from './settings.mjs';

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
        await fetchArchive(archive, join(temporary, archive.file), options);
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
 * @param {LockedArchive} archive
 * @param {string} into
 * @param {import('./build.mjs').Options} options
 */
async function fetchArchive(archive, into, options) {
  if (await takeLocal(archive, into)) return;
  options.report?.({
    step: STEP,
    state: 'progress',
    message: `fetching ${archive.file} (29 MB) from the Python package index`,
  });
  const job = { project: PROJECT, file: archive.file, sha256: archive.sha256, indexes: await indexes(), into };
  const { node } = await ensureNode('required', options);
  const script = fileURLToPath(new URL('download.mjs', import.meta.url));
  /** @type {{ sha256?: string, error?: string }} */
  const answer = {};
  const run = await execute(node, [script, JSON.stringify(job)], {
    env: downloadEnvironment(),
    signal: options.signal,
    onLine: (line) => {
      if (!line.startsWith('{')) return;
      const message = JSON.parse(line);
      if (message.done !== undefined) options.report?.({ step: STEP, state: 'progress', ...message });
      else Object.assign(answer, message);
    },
  });
  throwIfAborted(options.signal);
  if (answer.sha256 === undefined) {
    const output = answer.error ?? run.output;
    throw explain({
      what: `Fetching ${archive.file} failed.`,
      output,
      folder: cacheFolder(),
      mend: [
        `put ${archive.file} into a folder and name it: export PIP_FIND_LINKS=/that/folder`,
        'or name an index that has it: export PIP_INDEX_URL=…',
      ],
    });
  }
  await verifyArchive(archive, into);
}

/**
 * Refuses an archive that is not the locked one.
 * @param {LockedArchive} archive
 * @param {string} file
 */
async function verifyArchive(archive, file) {
  const found = await digestOfFile(file, 'sha256', 'hex');
  if (found === archive.sha256) return;
  throw new SetupFailure({
    code: 'integrity',
    what: `${archive.file} is not the file twincell was tested with; it was not unpacked.`,
    found: `sha256 ${found}`,
    required: `sha256 ${archive.sha256}`,
    mend: [
      'run the command again',
      'if it happens again, ask whoever runs your package index or proxy whether it alters files',
    ],
  });
}

/** A find-links folder that has the very file comes before any index. @param {LockedArchive} archive @param {string} into */
async function takeLocal(archive, into) {
  for (const place of indexSettings().findLinks) {
    const file = join(place.startsWith('file:') ? fileURLToPath(place) : place, archive.file);
    if (!existsSync(file) || (await digestOfFile(file, 'sha256', 'hex')) !== archive.sha256) continue;
    await copyFile(file, into);
    return true;
  }
  return false;
}

/** The user's indexes; where none is configured, the one that the user's own pip uses. */
async function indexes() {
  const { index, extra, noIndex } = indexSettings();
  if (noIndex) return [];
  return [index ?? (await builtInIndex()), ...extra];
}

const READ_PIP = `
import glob, os, sys
try:
    import pip
except ImportError:
    import ensurepip
    folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), "/usr/share/python-wheels"]
    sys.path[:0] = sorted(w for f in folders for w in glob.glob(os.path.join(f, "pip-*.whl")))
from pip._internal.models.index import PyPI
print(PyPI.simple_url)
`;

/** pip's built-in index, asked of a pip of the user's, so that no registry's name stands in this project. */
async function builtInIndex() {
  const python = await findPython();
  const folder = join(cacheFolder(), 'uv-venv');
  const venvs = existsSync(folder) ? (await readdir(folder)).map((name) => join(folder, name, 'bin', 'python')) : [];
  for (const file of [python.file, ...venvs]) {
    const { status, stdout } = await execute(file, ['-I', '-c', READ_PIP], { env: childEnvironment() });
    if (status === 0) return stdout.trim();
  }
  throw new SetupFailure({
    what: 'It is not known where to fetch Python packages from.',
    found: `no index is configured, and ${python.file} has no pip whose default could be used`,
    required: 'the address of a Python package index',
    mend: ['export PIP_INDEX_URL=https://your.index/simple', 'or install pip for this Python'],
  });
}

/** Proxies and certificates for the download, from what pip and uv are told. */
function downloadEnvironment() {
  const { cert, proxy, trusted } = indexSettings();
  return childEnvironment({
    NODE_USE_ENV_PROXY: '1',
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: process.env.HTTP_PROXY ?? proxy }),
    ...(cert === undefined ? {} : { NODE_EXTRA_CA_CERTS: cert }),
    ...(trusted.length === 0 ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }),
  });
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
