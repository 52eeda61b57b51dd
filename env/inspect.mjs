/** Whether this machine is ready, for `twincell doctor`: looks only, makes nothing. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MARKER } from './build.mjs';
import { findCompiler } from './compiler.mjs';
import { locateEnvironment } from './environment.mjs';
import { SetupFailure } from './failure.mjs';
import { modelFilesAreReady } from './models.mjs';
import { nodeIsCurrent, REQUIRED_MAJOR } from './node.mjs';
import { packagesAreCurrent } from './packages.mjs';
import { cacheFolder, inCheckout } from './paths.mjs';
import { execute, which } from './processes.mjs';
import { findPython } from './python.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {'ok' | 'missing' | 'later' | 'warning'} status `later`: made on first use, or by `twincell setup`
 * @property {string} found
 * @property {string} [remedy]
 */

/** @returns {Promise<Check[]>} */
export async function inspect() {
  return [
    node(),
    ...(inCheckout() ? [await packages()] : []),
    await python(),
    compiler(),
    await environment('neuron', 'NEURON'),
    await environment('torch', 'PyTorch'),
    await models(),
    await gpu(),
    await disk(),
  ];
}

/** @returns {Check} */
function node() {
  const found = `${process.versions.node} (${process.execPath})`;
  return nodeIsCurrent()
    ? { name: 'Node', status: 'ok', found }
    : {
        name: 'Node',
        status: 'later',
        found,
        remedy: `twincell fetches Node ${REQUIRED_MAJOR} and runs itself under it`,
      };
}

/** @returns {Promise<Check>} */
async function packages() {
  return (await packagesAreCurrent())
    ? { name: 'Node packages', status: 'ok', found: 'as package-lock.json says' }
    : { name: 'Node packages', status: 'later', found: 'not those of package-lock.json', remedy: 'node env/setup.mjs' };
}

/** @returns {Promise<Check>} */
async function python() {
  try {
    const found = await findPython();
    return { name: 'Python', status: 'ok', found: `${found.version} (${found.file})` };
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    return { name: 'Python', status: 'missing', found: error.found ?? error.message, remedy: error.mend.join('; ') };
  }
}

/** @returns {Check} */
function compiler() {
  const found = findCompiler();
  const make = which('make');
  if (found !== undefined && make !== undefined)
    return { name: 'C++ compiler', status: 'ok', found: `${which(found.cxx.split(' ')[0] ?? '')}, ${make}` };
  return {
    name: 'C++ compiler',
    status: 'missing',
    found: `${found?.cxx ?? 'no C++ compiler'}, ${make ?? 'no make'}`,
    remedy: 'sudo apt-get install g++ make (or your system’s way of getting them)',
  };
}

/** @param {'neuron' | 'torch'} name @param {string} title @returns {Promise<Check>} */
async function environment(name, title) {
  const later = { remedy: 'npx twincell setup' };
  try {
    const { folder, python } = await locateEnvironment(name);
    const ready = existsSync(join(folder, MARKER)) && existsSync(python);
    return ready
      ? { name: title, status: 'ok', found: folder }
      : { name: title, status: 'later', found: 'not made yet', ...later };
  } catch {
    return { name: title, status: 'missing', found: 'no Python to make it with', ...later };
  }
}

/** @returns {Promise<Check>} */
async function models() {
  return (await modelFilesAreReady())
    ? { name: 'Model files', status: 'ok', found: join(cacheFolder(), 'models') }
    : { name: 'Model files', status: 'later', found: 'not fetched yet', remedy: 'npx twincell setup' };
}

/** A missing GPU is no fault. @returns {Promise<Check>} */
async function gpu() {
  const program = which('nvidia-smi');
  if (program === undefined) return { name: 'GPU', status: 'ok', found: 'none: training runs on the CPU' };
  const { status, stdout } = await execute(program, ['--query-gpu=name', '--format=csv,noheader']);
  const found =
    status === 0 && stdout.trim() !== ''
      ? stdout.trim().replaceAll('\n', ', ')
      : 'none that answers: training runs on the CPU';
  return { name: 'GPU', status: 'ok', found };
}

/** @returns {Promise<Check>} */
async function disk() {
  let folder = cacheFolder();
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = (bavail * bsize) / 1e9;
  const found = `${free.toFixed(1)} GB free for the cache ${cacheFolder()}`;
  return free > 1
    ? { name: 'Disk', status: 'ok', found }
    : {
        name: 'Disk',
        status: 'warning',
        found,
        remedy: 'npx twincell cache prune, or set TWINCELL_CACHE to a folder with room',
      };
}
