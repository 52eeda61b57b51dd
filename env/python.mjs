/** The system's Python: the first one that fits, or a plain word about why none does. */
import { SetupFailure } from './failure.mjs';
import { childEnvironment } from './paths.mjs';
import { execute, which } from './processes.mjs';

/**
 * @typedef {object} Python
 * @property {string} file absolute path of the interpreter
 * @property {string} version `3.11.7`
 * @property {string} platform what wheels must fit: system, machine and C library
 * @property {boolean} hasVenv whether it can make a virtual environment with pip (venv and ensurepip)
 */

const NEWEST_MINOR = 14;
const OLDEST_MINOR = 10;

const PROBE = `
import importlib.util, json, platform, struct, sys, sysconfig
has = lambda name: importlib.util.find_spec(name) is not None
print(json.dumps({
    "file": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "implementation": sys.implementation.name,
    "bits": struct.calcsize("P") * 8,
    "platform": "-".join([sysconfig.get_platform(), *platform.libc_ver()]) if sys.platform == "linux" else sysconfig.get_platform(),
    "hasVenv": has("venv") and has("ensurepip"),
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
}))
`;

/** @type {Promise<Python> | undefined} */
let found;

/**
 * The Python that the environments are made with: `$TWINCELL_PYTHON`, else the first on PATH that fits.
 * @returns {Promise<Python>}
 */
export async function findPython() {
  found ??= search();
  found.catch(() => {
    found = undefined;
  });
  return await found;
}

/** Forgets what was found; for tests that change PATH. */
export function forgetPython() {
  found = undefined;
}

/** @returns {Promise<Python>} */
async function search() {
  const named = process.env.TWINCELL_PYTHON;
  /** @type {string[]} */
  const misfits = [];
  for (const candidate of candidates(named)) {
    const file = which(candidate) ?? (named === candidate ? candidate : undefined);
    if (file === undefined) continue;
    const python = await probe(file);
    const misfit = typeof python === 'string' ? python : whyNot(python);
    if (misfit === undefined && typeof python !== 'string') return python;
    misfits.push(`${file}: ${misfit}`);
  }
  throw new SetupFailure({
    what: named === undefined ? 'No Python that fits was found.' : 'The Python named by TWINCELL_PYTHON does not fit.',
    found:
      misfits.length > 0
        ? misfits.join('; ')
        : named === undefined
          ? 'no Python on PATH'
          : `nothing to run at ${named}`,
    required: `CPython 3.${OLDEST_MINOR} to 3.${NEWEST_MINOR}, 64 bits`,
    mend: [...installPython(), 'or name one that is not on PATH: export TWINCELL_PYTHON=/path/to/python3'],
  });
}

/** @param {string | undefined} named */
function candidates(named) {
  if (named !== undefined && named !== '') return [named];
  const names = ['python3', 'python'];
  for (let minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor--) names.push(`python3.${minor}`);
  if (process.platform === 'win32') names.push('py');
  return names;
}

/** @param {string} file @returns {Promise<Python & { implementation: string, bits: number, freeThreaded: boolean } | string>} */
async function probe(file) {
  const run = await execute(file, ['-I', '-c', PROBE], { env: childEnvironment() });
  try {
    if (run.status === 0) return JSON.parse(run.stdout);
  } catch {
    // not Python's answer
  }
  return /invalid syntax|SyntaxError|unknown option -I/i.test(run.output) ? 'Python 2' : 'does not run';
}

/** @param {{ version: string, implementation: string, bits: number, freeThreaded: boolean }} python */
function whyNot(python) {
  const [major = 0, minor = 0] = python.version.split('.').map(Number);
  if (major !== 3 || minor < OLDEST_MINOR) return `Python ${python.version} is too old`;
  if (minor > NEWEST_MINOR) return `Python ${python.version} is newer than the locked packages`;
  if (python.implementation !== 'cpython') return `${python.implementation}, not CPython`;
  if (python.freeThreaded) return 'a free-threaded build, which NEURON has no package for';
  return python.bits === 64 ? undefined : `${python.bits} bits`;
}

/** How to get a Python here. */
function installPython() {
  if (process.platform === 'darwin') return ['brew install python'];
  if (process.platform === 'win32') return ['winget install Python.Python.3.13'];
  if (which('apt-get') !== undefined) return ['sudo apt-get install python3 python3-venv'];
  if (which('dnf') !== undefined) return ['sudo dnf install python3.12'];
  return ['install Python 3.10 or later with your system’s package manager'];
}

/**
 * Refuses a Python that cannot make a virtual environment.
 * @param {Python} python
 */
export function requireVenv(python) {
  if (python.hasVenv) return;
  const minor = python.version.split('.').slice(0, 2).join('.');
  throw new SetupFailure({
    what: 'This Python cannot make a virtual environment.',
    found: `${python.file} (${python.version}) without its modules venv and ensurepip`,
    required: 'the modules venv and ensurepip, or a program called uv on PATH',
    mend: [
      which('apt-get') === undefined
        ? 'install your system’s package with Python’s venv module'
        : `sudo apt-get install python${minor}-venv`,
      'or install uv by your system’s own means',
    ],
  });
}
