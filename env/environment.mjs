/**
 * The locked Python environments: `neuron`, `torch`, `develop`, which has both and the tools of the checks, `efel`, which
 * extracts features of traces, and `peers`, other simulators that the bench compares with.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from './build.mjs';
import { explain, SetupFailure, throwIfAborted } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { cacheFolder, childEnvironment, packageFolder } from './paths.mjs';
import { execute } from './processes.mjs';
import { findPython } from './python.mjs';
import { uvVariables } from './settings.mjs';
import { ensureUv } from './uv.mjs';

/**
 * @typedef {typeof ENVIRONMENTS[number]} EnvironmentName
 * @typedef {{ name: EnvironmentName, folder: string, python: string, hash: string }} Environment
 */

export const ENVIRONMENTS = /** @type {const} */ (['neuron', 'torch', 'develop', 'efel', 'peers']);

/** Room on the disk while it is made, in MB; torch brings its CUDA libraries on Linux. */
const NEEDED_MB = { neuron: 900, torch: 7000, develop: 8000, efel: 600, peers: 300 };

/**
 * What sidecars import. Python keeps the compiled form of what is imported once, which halves the start of every sidecar;
 * compiling all packages would take longer than it ever saves.
 * @type {Readonly<Record<EnvironmentName, readonly string[]>>}
 */
const IMPORTED = {
  neuron: ['neuron', 'numpy', 'pyarrow', 'zmq', 'msgpack', 'jsonschema'],
  torch: ['torch', 'safetensors.torch', 'numpy', 'pyarrow', 'zmq', 'msgpack', 'jsonschema'],
  efel: ['efel', 'numpy', 'pyarrow', 'zmq', 'msgpack', 'jsonschema'],
  develop: [],
  peers: ['arbor', 'numpy'],
};

/** Those that TWINCELL_TORCH_INDEX concerns. @param {EnvironmentName} name */
const hasTorch = (name) => name === 'torch' || name === 'develop';

/**
 * Where an environment is or would be, from its lock, the Python and the platform; nothing is made.
 * @param {EnvironmentName} name
 * @returns {Promise<Environment & { lock: string, interpreter: import('./python.mjs').Python }>}
 */
export async function locateEnvironment(name) {
  const lock = join(packageFolder(), 'env', 'python', `${name}.lock`);
  const interpreter = await findPython();
  const index = hasTorch(name) ? (process.env.TWINCELL_TORCH_INDEX ?? '') : '';
  const hash = sha256Of([await readFile(lock), interpreter.version, interpreter.platform, index]).slice(0, 16);
  const folder = join(cacheFolder(), 'environments', `${name}-${hash}`);
  return { name, folder, python: pythonIn(folder), hash, lock, interpreter };
}

/** @param {string} folder */
function pythonIn(folder) {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/**
 * A Python environment, made on first use; afterwards one look at its marker.
 * @param {EnvironmentName} name
 * @param {import('./build.mjs').Options} [options]
 * @returns {Promise<Environment>}
 */
export async function ensureEnvironment(name, options = {}) {
  const { lock, interpreter, ...environment } = await locateEnvironment(name);
  const step = `Python environment ${name}`;
  await ensureFolder(
    {
      step,
      folder: environment.folder,
      neededMb: NEEDED_MB[name],
      usable: async () => existsSync(environment.python), // follows the link: the system's Python may be gone
      make: async (temporary) => {
        const uv = await ensureUv(interpreter, options);
        await install({ uv, interpreter, lock, folder: temporary, name, step, ...options });
        await keepCompiled(name, temporary, options.signal);
        return { name, python: interpreter.version, platform: interpreter.platform, interpreter: interpreter.file };
      },
    },
    options,
  );
  return environment;
}

/**
 * @param {object} job
 * @param {string} job.uv
 * @param {import('./python.mjs').Python} job.interpreter
 * @param {string} job.lock
 * @param {string} job.folder
 * @param {EnvironmentName} job.name
 * @param {string} job.step
 * @param {import('./build.mjs').Report | undefined} [job.report]
 * @param {AbortSignal | undefined} [job.signal]
 */
async function install(job) {
  const { uv, interpreter, folder, report, step } = job;
  const env = childEnvironment({ ...uvVariables(), UV_NO_PROGRESS: '1', NO_COLOR: '1' });
  const total = wheelCount(await readFile(job.lock, 'utf8'));
  report?.({ step, state: 'progress', message: `fetching about ${total} packages with uv` });
  /** @param {readonly string[]} args */
  const run = async (args) => {
    const what = `Making the Python environment ${job.name} failed.`;
    const done = await execute(uv, args, {
      env,
      signal: job.signal,
      onLine: (line) => {
        const shown = /^\s*(?:Downloading|Downloaded|Prepared|Installed|Resolved)/i.test(line);
        if (shown) report?.({ step, state: 'progress', message: line.trim() });
      },
    });
    throwIfAborted(job.signal);
    if (done.status === 0) return;
    const failure = explain({ what, output: done.output, folder: cacheFolder() });
    if (failure.code !== 'network' || args.includes('--offline')) throw failure;
    // uv asks the index whether what it has is fresh; its cache may hold all that the lock asks for
    const again = await execute(uv, [...args, '--offline'], { env, signal: job.signal });
    if (again.status !== 0) throw failure;
  };
  const quiet = ['--quiet', '--no-project', '--relocatable', '--no-python-downloads'];
  await run(['venv', ...quiet, '--python', interpreter.file, folder]);
  const into = ['pip', 'install', '--python', folder, '--no-deps', '--link-mode', 'hardlink'];
  const index = process.env.TWINCELL_TORCH_INDEX;
  if (!hasTorch(job.name) || !index) {
    await run([...into, '--only-binary', ':all:', '--require-hashes', '-r', job.lock]);
    return;
  }
  const { rest, torch } = await splitTorch(job.lock, interpreter.version);
  const without = join(folder, 'without-torch.lock');
  await writeFile(without, rest);
  await run([...into, '--only-binary', ':all:', '--require-hashes', '-r', without]);
  report?.({
    step,
    state: 'progress',
    message: `${torch} from TWINCELL_TORCH_INDEX: its hash is not in the lock and is not checked`,
  });
  await run([...into, '--default-index', index, torch]);
}

/**
 * Imports once what sidecars import, in an environment about to be ready. A package that cannot be imported here is for its
 * sidecar to report.
 * @param {EnvironmentName} name
 * @param {string} folder
 * @param {AbortSignal | undefined} signal
 */
async function keepCompiled(name, folder, signal) {
  const modules = IMPORTED[name];
  if (modules.length === 0) return;
  const { PYTHONDONTWRITEBYTECODE: _off, ...env } = childEnvironment({ NEURON_MODULE_OPTIONS: '-nogui' });
  await execute(pythonIn(folder), ['-I', '-c', `import ${modules.join(', ')}`], { env, signal, cwd: folder });
  throwIfAborted(signal);
}

/** How many packages a lock names, platform markers aside. @param {string} lock */
function wheelCount(lock) {
  return new Set([...lock.matchAll(/^([a-z0-9._-]+)==/gim)].map((match) => match[1])).size;
}

/**
 * A lock without torch and the CUDA libraries that only its default build needs, and the version of torch it names.
 * @param {string} lock
 * @param {string} python
 */
async function splitTorch(lock, python) {
  const entries = (await readFile(lock, 'utf8')).split(/\n(?=[a-z0-9])/i);
  const minor = Number(python.split('.')[1]);
  const torch = entries
    .filter((entry) => entry.startsWith('torch=='))
    .find((entry) => !/python_full_version < '3\.11'/.test(entry) === minor >= 11);
  if (torch === undefined) throw new SetupFailure({ what: `${lock} names no torch for Python ${python}.` });
  const rest = entries.filter((entry) => !/^(?:torch|triton|nvidia-|cuda-)/.test(entry)).join('\n');
  return { rest, torch: torch.split(' ')[0] ?? 'torch' };
}
