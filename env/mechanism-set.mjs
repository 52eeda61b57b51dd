/**
 * One library of many `.mod` files of anybody's, where a file that does not compile does not take the others down.
 *
 * Files keep to folders of their own kind (one for each folder they come from), so that what they INCLUDE is found as it
 * is found where they come from, the folders above included: as many of them as the INCLUDEs go up come along. `make -k` goes
 * on after a failure; what failed is left out and the rest is linked.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureFolder, readMarker } from './build.mjs';
import { requireCompiler } from './compiler.mjs';
import { SetupFailure } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { folderFor, includesOf, writeIncludes } from './includes.mjs';
import { compileFailure, keepLibrary, neuronVersion, runCompiler } from './mechanisms.mjs';
import { cacheFolder, platformName } from './paths.mjs';

const STEP = 'compiled mechanisms';
/** make goes on after a failure. */
const FLAGS = '-k';

/**
 * @typedef {{ file: string, text?: string }} SetSource a file, or a text that stands for it
 * @typedef {{ file: string, message: string, line?: number }} SetFailure
 * @typedef {{ library: string | null, failures: SetFailure[], hash: string }} MechanismSet
 * @typedef {{ file: string, place: string, name: string, text: Buffer, includes: import('./includes.mjs').Included[] }} Placed
 */

/**
 * The library of those of the files that compile; null where none does. Made on first use.
 * @param {{ sources: readonly SetSource[], environment: { folder: string, python: string }, report?: import('./build.mjs').Report | undefined, signal?: AbortSignal | undefined }} request
 * @returns {Promise<MechanismSet>}
 */
export async function ensureMechanismSet({ sources, environment, report, signal }) {
  const placed = await placeAll(sources);
  const neuron = await neuronVersion(environment.folder);
  const parts = placed.flatMap(({ place, text, includes }) => [
    place,
    text,
    ...includes.flatMap(({ name, text }) => [name, text]),
  ]);
  const hash = sha256Of(['set', neuron, platformName(), ...parts]);
  const folder = join(cacheFolder(), 'mechanisms', basename(environment.folder), hash.slice(0, 16));
  await ensureFolder(
    {
      step: STEP,
      folder,
      neededMb: 200,
      make: async (temporary) => {
        const tools = requireCompiler();
        await writeAll(placed, temporary);
        const message = `compiling ${placed.length} mechanisms with nrnivmodl`;
        report?.({ step: STEP, state: 'progress', message });
        const { left, failures } = await compileWhatCan({ placed, environment, folder: temporary, tools, signal });
        const library = left.length === 0 ? null : await keepLibrary(temporary);
        return { library, neuron, mechanisms: left.map(({ place }) => place), failures };
      },
    },
    { report, signal },
  );
  const marker = await readMarker(folder);
  const failures = /** @type {{ place: string, message: string, line?: number }[]} */ (marker.failures);
  return {
    library: marker.library === null ? null : join(folder, String(marker.library)),
    // The marker may be of an earlier run on the same texts elsewhere: the names are this run's.
    failures: failures.map(({ place, ...rest }) => ({ ...rest, file: fileOf(placed, place) })),
    hash,
  };
}

/** @param {readonly Placed[]} placed @param {string} place */
function fileOf(placed, place) {
  return placed.find((one) => one.place === place)?.file ?? place;
}

/**
 * Reads the files and gives each a folder and a name that no other file has.
 * @param {readonly SetSource[]} sources
 * @returns {Promise<Placed[]>}
 */
async function placeAll(sources) {
  /** @type {Map<string, string>} */
  const folders = new Map();
  /** @type {Set<string>} */
  const names = new Set();
  const read = await Promise.all(
    sources.map(async ({ file, text }) => {
      const content = text === undefined ? await readSource(file) : Buffer.from(text);
      return { file, content, includes: await includesOf(content, dirname(file)) };
    }),
  );
  return read.map(({ file, content, includes }) => {
    const folder = folderFor(dirname(file), includes, folders);
    const stem = basename(file, '.mod').replaceAll(/\W/g, '_');
    let name = stem;
    for (let k = 2; names.has(name); k++) name = `${stem}__${k}`;
    names.add(name);
    return { file, place: `${folder}/${name}.mod`, name, text: content, includes };
  });
}

/** @param {string} file */
async function readSource(file) {
  return readFile(file).catch((cause) => {
    throw new SetupFailure({
      code: 'mechanism',
      file,
      what: `The mechanism file ${file} cannot be read.`,
      found: cause.message,
      cause,
    });
  });
}

/** @param {readonly Placed[]} placed @param {string} folder */
async function writeAll(placed, folder) {
  for (const { place, text, includes } of placed) {
    const into = join(folder, dirname(place));
    await mkdir(into, { recursive: true });
    await writeFile(join(folder, place), text);
    await writeIncludes(includes, into);
  }
}

/**
 * Compiles; leaves out what fails, and tries again with the rest until nothing fails.
 * @param {{ placed: readonly Placed[], environment: { folder: string, python: string }, folder: string, tools: { cc: string, cxx: string }, signal: AbortSignal | undefined }} job
 */
async function compileWhatCan({ placed, environment, folder, tools, signal }) {
  let left = [...placed];
  /** @type {{ place: string, message: string, line?: number }[]} */
  const failures = [];
  while (left.length > 0) {
    const names = left.map(({ place }) => place);
    const run = await runCompiler({ names, environment, folder, tools, flags: FLAGS, signal });
    if (run.status === 0) break;
    const failed = failedNames(run.output, left);
    if (failed.length === 0) throw compileFailure(run.output, left);
    for (const one of failed) {
      await removeTraces(one.name, folder);
      // Once more alone: then the message is about this file and no other.
      const alone = await runCompiler({ names: [one.place], environment, folder, tools, signal });
      const fault = alone.status === 0 ? undefined : compileFailure(alone.output, [one]);
      failures.push({
        place: one.place,
        message: fault?.message ?? 'it compiles alone, but not with the others',
        ...(fault?.line === undefined ? {} : { line: fault.line }),
      });
    }
    left = left.filter((one) => !failed.includes(one));
  }
  return { left, failures };
}

/**
 * Removes what stands of a file's C++: half of it would be taken for the whole the next time.
 * @param {string} name
 * @param {string} folder
 */
async function removeTraces(name, folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const ending of ['cpp', 'o']) await rm(join(folder, entry.name, `${name}.${ending}`), { force: true });
  }
}

/**
 * Which files make could not make something of.
 * @param {string} output
 * @param {readonly Placed[]} placed
 */
function failedNames(output, placed) {
  const said = stripVTControlCharacters(output);
  const names = new Set(
    [...said.matchAll(/\*\*\* \[[^\]]*?: (?:\.\/)?([^\s\]]+)\.(?:cpp|o)\]/g)].map(([, name]) => name),
  );
  return placed.filter(({ name }) => names.has(name));
}
