/** Archives of a Python package index: fetched by name over HTTP, held against their hash; no code of theirs runs. */
import { existsSync } from 'node:fs';
import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureFolder } from './build.mjs';
import { explain, SetupFailure, throwIfAborted } from './failure.mjs';
import { digestOfFile, sha256Of } from './hashes.mjs';
import { ensureNode } from './node.mjs';
import { cacheFolder, childEnvironment } from './paths.mjs';
import { execute } from './processes.mjs';
import { findPython } from './python.mjs';
import { indexSettings } from './settings.mjs';

/**
 * @typedef {{ project: string, file: string, sha256: string }} Archive
 */

/** Takes out of a zip or tar archive what ends in one of the endings, and stays inside the folder. */
const UNPACK = `
import os, sys, tarfile, zipfile
archive, folder, endings = sys.argv[1], os.path.realpath(sys.argv[2]), tuple(sys.argv[3].split(","))
def put(name, read):
    target = os.path.realpath(os.path.join(folder, name))
    if not target.startswith(folder + os.sep):
        raise SystemExit("a member leads out of the folder: " + name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(read())
if zipfile.is_zipfile(archive):
    with zipfile.ZipFile(archive) as source:
        for name in source.namelist():
            if name.lower().endswith(endings):
                put(name, lambda: source.read(name))
else:
    with tarfile.open(archive) as source:
        for member in source:
            if member.isfile() and member.name.lower().endswith(endings):
                put(member.name, lambda: source.extractfile(member).read())
`;

/**
 * The files of an archive that end in one of the endings, in a folder of the cache; fetched on first use.
 * @param {Archive} archive
 * @param {readonly string[]} endings in lower case: `.mod`
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<string>} the folder
 */
export async function ensureArchive(archive, endings, options = {}) {
  const step = archive.file;
  const folder = join(
    cacheFolder(),
    'models',
    `${archive.file.replace(/\.(?:tar\.gz|whl)$/, '')}-${sha256Of([archive.sha256, ...endings]).slice(0, 12)}`,
  );
  await ensureFolder(
    {
      step,
      folder,
      neededMb: 300,
      make: async (temporary) => {
        const file = join(temporary, archive.file);
        await fetchArchive(archive, file, { ...options, step });
        await unpack(file, temporary, endings, options.signal);
        await rm(file);
        return { ...archive, endings };
      },
    },
    options,
  );
  return folder;
}

/** @param {string} file @param {string} folder @param {readonly string[]} endings @param {AbortSignal | undefined} signal */
async function unpack(file, folder, endings, signal) {
  const python = await findPython();
  const script = join(folder, '.unpack.py');
  await writeFile(script, UNPACK);
  const run = await execute(python.file, ['-I', script, file, folder, endings.join(',')], {
    env: childEnvironment(),
    signal,
  });
  throwIfAborted(signal);
  await rm(script);
  if (run.status !== 0) throw explain({ what: `Unpacking ${file} failed.`, output: run.output, folder: cacheFolder() });
}

/**
 * Fetches an archive and refuses any other than the one that was meant.
 * @param {Archive} archive
 * @param {string} into the file to write
 * @param {import('./build.mjs').Options & { step: string }} options
 */
export async function fetchArchive(archive, into, options) {
  if (await takeLocal(archive, into)) return;
  options.report?.({
    step: options.step,
    state: 'progress',
    message: `fetching ${archive.file} from the Python package index`,
  });
  const job = { ...archive, indexes: await indexes(), into };
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
      if (message.done !== undefined) options.report?.({ step: options.step, state: 'progress', ...message });
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
 * @param {Archive} archive
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

/** A find-links folder that has the very file comes before any index. @param {Archive} archive @param {string} into */
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
