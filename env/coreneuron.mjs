/** Mechanisms compiled for CoreNEURON, which NEURON's wheel brings along; only the bench asks for them. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureFolder, MARKER } from './build.mjs';
import { requireCompiler } from './compiler.mjs';
import { SetupFailure, throwIfAborted } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { neuronVersion, readAll } from './mechanisms.mjs';
import { cacheFolder, childEnvironment, platformName } from './paths.mjs';
import { execute } from './processes.mjs';

const STEP = 'mechanisms for CoreNEURON';
const LIBRARIES = /** @type {const} */ (['libnrnmech', 'libcorenrnmech']);
const SUFFIX = process.platform === 'darwin' ? 'dylib' : 'so';

/**
 * The libraries of the given mechanisms for NEURON and CoreNEURON, compiled on first use (about a minute of CPU).
 * @param {import('./mechanisms.mjs').Request} request
 * @param {{ make?: boolean }} [options] `make: false` only looks
 * @returns {Promise<{ library: string, coreLibrary: string } | null>} null where they are not there and were not to be made
 */
export async function ensureCoreNeuron({ modFiles, environment, report, signal }, { make = true } = {}) {
  const texts = await readAll(modFiles);
  const neuron = await neuronVersion(environment.folder);
  const hash = sha256Of(['coreneuron', neuron, platformName(), ...texts.flatMap(({ name, text }) => [name, text])]);
  const folder = join(cacheFolder(), 'mechanisms', basename(environment.folder), hash.slice(0, 16));
  if (!make && !existsSync(join(folder, MARKER))) return null;
  await ensureFolder(
    {
      step: STEP,
      folder,
      neededMb: 200,
      make: async (temporary) => {
        for (const { name, file } of texts) await copyFile(file, join(temporary, name));
        report?.({ step: STEP, state: 'progress', message: `compiling ${texts.length} mechanisms with nrnivmodl` });
        await compile(environment, temporary, signal);
        await keepLibraries(temporary);
        return { neuron, mechanisms: texts.map(({ name }) => name) };
      },
    },
    { report, signal },
  );
  const [library, coreLibrary] = LIBRARIES.map((name) => join(folder, `${name}.${SUFFIX}`));
  return { library: library ?? '', coreLibrary: coreLibrary ?? '' };
}

/** @param {{ folder: string, python: string }} environment @param {string} folder @param {AbortSignal | undefined} signal */
async function compile(environment, folder, signal) {
  const { cc, cxx } = requireCompiler();
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const bin = join(environment.folder, 'bin');
  const path = `${bin}:${process.env.PATH ?? ''}`;
  const run = await execute(environment.python, [join(bin, 'nrnivmodl'), '-coreneuron', '.'], {
    cwd: folder,
    signal,
    env: childEnvironment({ LC_ALL: 'C', TMPDIR: temporary, CC: cc, CXX: cxx, PATH: path }),
  });
  throwIfAborted(signal);
  if (run.status === 0) return;
  const lines = stripVTControlCharacters(run.output)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const said = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'no output';
  throw new SetupFailure({
    code: 'mechanism',
    what: `nrnivmodl -coreneuron failed: ${said.trim()}`,
    cause: run.output,
  });
}

/** Keeps the libraries beside the `.mod` files and removes what the compiler left. @param {string} folder */
async function keepLibraries(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const built = join(folder, entry.name);
    for (const name of LIBRARIES) {
      const file = `${name}.${SUFFIX}`;
      if (existsSync(join(built, file))) await rename(join(built, file), join(folder, file));
    }
    await rm(built, { recursive: true });
  }
  const missing = LIBRARIES.filter((name) => !existsSync(join(folder, `${name}.${SUFFIX}`)));
  if (missing.length === 0) return;
  throw new SetupFailure({ code: 'mechanism', what: `nrnivmodl -coreneuron left no ${missing.join(' and ')}.` });
}
