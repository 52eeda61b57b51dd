/** Compiled mechanisms: NEURON's own compiler run on a list of `.mod` files, once for each list, NEURON and platform. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureFolder, readMarker } from './build.mjs';
import { requireCompiler } from './compiler.mjs';
import { diskFull, SetupFailure, throwIfAborted } from './failure.mjs';
import { sha256Of } from './hashes.mjs';
import { folderFor, includesOf, writeIncludes } from './includes.mjs';
import { cacheFolder, childEnvironment, platformName } from './paths.mjs';
import { execute, which } from './processes.mjs';

/**
 * @typedef {object} Request
 * @property {readonly string[]} modFiles in the order in which NEURON shall register them
 * @property {{ folder: string, python: string }} environment an environment with NEURON
 * @property {import('./build.mjs').Report | undefined} [report]
 * @property {AbortSignal | undefined} [signal]
 */

const STEP = 'compiled mechanisms';

/**
 * The library of the given mechanisms, compiled on first use. The list's order is kept: it is NEURON's order of
 * registration, and so the order in which currents are summed.
 * @param {Request} request
 * @returns {Promise<{ library: string, folder: string, hash: string }>}
 */
export async function ensureMechanisms({ modFiles, environment, report, signal }) {
  const texts = await readAll(modFiles);
  const neuron = await neuronVersion(environment.folder);
  const parts = texts.flatMap(({ name, text, place, includes }) => [
    name,
    text,
    ...(includes.length === 0 ? [] : [place, ...includes.flatMap((one) => [one.name, one.text])]),
  ]);
  const hash = sha256Of([neuron, platformName(), ...parts]);
  // named by the environment's folder: the library is linked against that very NEURON, and is pruned with it
  const folder = join(cacheFolder(), 'mechanisms', basename(environment.folder), hash.slice(0, 16));
  await ensureFolder(
    {
      step: STEP,
      folder,
      neededMb: 100,
      make: async (temporary) => {
        const tools = requireCompiler();
        await copyTexts(texts, temporary);
        report?.({ step: STEP, state: 'progress', message: `compiling ${texts.length} mechanisms with nrnivmodl` });
        await compile({ texts, environment, folder: temporary, tools, signal });
        const library = await keepLibrary(temporary);
        return { library, neuron, mechanisms: texts.map(({ name }) => name) };
      },
    },
    { report, signal },
  );
  const { library } = await readMarker(folder);
  return { library: join(folder, String(library)), folder, hash };
}

/**
 * `place` is where it is compiled; one that includes others has a folder there.
 * @typedef {{ file: string, name: string, text: Buffer, place: string, includes: import('./includes.mjs').Included[] }} ModText
 * @param {readonly string[]} modFiles
 * @returns {Promise<ModText[]>}
 */
export async function readAll(modFiles) {
  /** @type {Map<string, ModText>} */
  const texts = new Map();
  /** @type {Map<string, string>} */
  const folders = new Map();
  for (const file of modFiles) {
    const name = basename(file);
    const twin = texts.get(name);
    if (twin !== undefined) {
      throw new SetupFailure({
        code: 'mechanism',
        file,
        what: `There are two files called ${name}: ${twin.file} and ${file}.`,
      });
    }
    try {
      const text = await readFile(file);
      const includes = await includesOf(text, dirname(file));
      const place = includes.length === 0 ? name : `${folderFor(dirname(file), includes, folders)}/${name}`;
      texts.set(name, { file, name, text, place, includes });
    } catch (error) {
      const found = /** @type {Error} */ (error).message;
      throw new SetupFailure({
        code: 'mechanism',
        file,
        what: `The mechanism file ${file} cannot be read.`,
        found,
        cause: error,
      });
    }
  }
  return [...texts.values()];
}

/** The version of NEURON in an environment, from its installed metadata. @param {string} environment */
export async function neuronVersion(environment) {
  const lib = process.platform === 'win32' ? join(environment, 'Lib') : join(environment, 'lib');
  const pythons = process.platform === 'win32' ? ['.'] : await readdir(lib).catch(() => []);
  for (const python of pythons) {
    const packages = await readdir(join(lib, python, 'site-packages')).catch(() => []);
    for (const name of packages) {
      const match = /^neuron-(.+)\.dist-info$/i.exec(name);
      if (match?.[1] !== undefined) return match[1];
    }
  }
  throw new SetupFailure({
    what: `The Python environment ${environment} has no NEURON.`,
    required: 'the environment that `twincell setup` makes',
    mend: ['npx twincell setup'],
  });
}

/** @param {readonly ModText[]} texts @param {string} folder */
async function copyTexts(texts, folder) {
  for (const { place, text, includes } of texts) {
    const file = join(folder, place);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await writeIncludes(includes, dirname(file));
  }
}

/**
 * @param {{ texts: readonly ModText[], environment: { folder: string, python: string }, folder: string, tools: { cc: string, cxx: string }, signal: AbortSignal | undefined }} job
 */
async function compile({ texts, environment, folder, tools, signal }) {
  const names = texts.map(({ place }) => place);
  const run = await runCompiler({ names, environment, folder, tools, signal });
  if (run.status !== 0) throw compileFailure(run.output, texts);
}

/**
 * nrnivmodl on files of a folder, which its results come into.
 * @param {{ names: readonly string[], environment: { folder: string, python: string }, folder: string, tools: { cc: string, cxx: string }, flags?: string, signal: AbortSignal | undefined }} job `flags` are make's
 */
export async function runCompiler({ names, environment, folder, tools, flags = '', signal }) {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const program = join(environment.folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'nrnivmodl');
  const run = await execute(environment.python, [program, ...names], {
    cwd: folder,
    signal,
    env: childEnvironment({
      LC_ALL: 'C',
      TMPDIR: temporary,
      CC: tools.cc,
      CXX: tools.cxx,
      PATH: await pathWithPerl(environment.folder, temporary),
      // nrnivmodl looks for a shared libpython, which many Pythons lack, for a translator that is not used here
      NMODL_PYLIB: process.env.NMODL_PYLIB ?? 'unused',
      MAKEFLAGS: flags,
    }),
  });
  throwIfAborted(signal);
  return run;
}

/**
 * nrnivmodl fails without a perl on PATH, for a part of NEURON that is not used here: an empty stand-in contents it.
 * @param {string} environment
 * @param {string} temporary
 */
async function pathWithPerl(environment, temporary) {
  const path = `${join(environment, 'bin')}:${process.env.PATH ?? ''}`;
  if (which('perl') !== undefined) return path;
  const standIn = join(temporary, 'perl');
  await writeFile(standIn, '#!/bin/sh\nexit 1\n');
  await chmod(standIn, 0o755);
  return `${path}:${temporary}`;
}

/**
 * What the translator or the C++ compiler said, as one sentence about one line of one file.
 * @param {string} output
 * @param {readonly Pick<ModText, 'file' | 'name' | 'text'>[]} texts
 */
export function compileFailure(output, texts) {
  if (/no space left/i.test(output)) return diskFull(cacheFolder());
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trimEnd());
  const fault = translatorFault(lines) ?? compilerFault(lines);
  const source = texts.find(({ name }) => name === fault?.name);
  const line = fault?.line ?? (source === undefined ? undefined : lineOf(fault?.code, source.text));
  const last = lines.filter((line) => /error/i.test(line)).at(-1) ?? lines.filter((line) => line !== '').at(-1);
  return new SetupFailure({
    code: 'mechanism',
    what: fault?.message ?? `nrnivmodl failed: ${last ?? 'no output'}`,
    ...(source === undefined ? {} : { file: source.file }),
    ...(line === undefined ? {} : { line }),
    mend: ['correct the file and run the command again; nothing else has to be cleared'],
    cause: output,
  });
}

/** The line of a `.mod` file that stands unchanged in the C++ made from it. @param {string | undefined} code @param {Buffer} text */
function lineOf(code, text) {
  const lines = text.toString('utf8').split('\n');
  const found = lines.map((line) => line.trim()).indexOf(code ?? '\0');
  return found < 0 ? undefined : found + 1;
}

/**
 * @typedef {{ name: string, line?: number, code?: string | undefined, message: string }} Fault
 *
 * nocmodl: a chain of complaints, then `… at line 5 in file bad.mod`, the line, and a caret.
 * @param {readonly string[]} lines
 * @returns {Fault | undefined}
 */
function translatorFault(lines) {
  const at = lines.findIndex((line) => /\bat line \d+ in file /.test(line));
  const match = /^(.*?)\s*(?:at line (\d+) in file (\S+?\.mod))/.exec(lines[at] ?? '');
  if (match === null) return translatorComplaint(lines);
  let first = at;
  while (first > 0 && !/^\s*(?:Translating|Thread Safe|Notice|->|make)/.test(lines[first - 1] ?? '')) first--;
  const said = [...lines.slice(first, at), match[1] ?? '']
    .map((line) =>
      line
        .replace(/^\s*Error:\s*/i, '')
        .trim()
        .replace(/:$/, ''),
    )
    .filter((line) => line !== '');
  const next = (lines[at + 1] ?? '').trim();
  const text = next === '^' ? '' : next;
  const message = `${said.join(': ')}${text === '' ? '' : ` in “${text}”`}`;
  return { name: basename(match[3] ?? ''), line: Number(match[2]), message };
}

/** Complaints without a line: the file is the one that make was translating. @param {readonly string[]} lines @returns {Fault | undefined} */
function translatorComplaint(lines) {
  const failed = lines
    .map((line) => /^make: \*\*\* \[.*?: (\S+)\.cpp\] Error/.exec(line)?.[1])
    .find((name) => name !== undefined);
  if (failed === undefined) return undefined;
  const start = lines.findIndex((line) => line.startsWith(`Translating ${failed}.mod`));
  const said = lines
    .slice(start + 1)
    .filter((line) => line !== '' && !/^(?:make|Thread Safe|Translating|NOTE|Notice)|->/.test(line));
  return { name: `${failed}.mod`, message: (said[0] ?? 'it could not be translated').trim() };
}

/**
 * The C++ compiler: `/…/bad.cpp:214:9: error: …`, in code that came out of `bad.mod`.
 * @param {readonly string[]} lines
 * @returns {Fault | undefined}
 */
function compilerFault(lines) {
  for (const [index, line] of lines.entries()) {
    const match = /([^/\s:]+)\.(cpp|mod):(\d+)(?::\d+)?: (?:fatal )?error: (.*)$/.exec(line);
    if (match === null) continue;
    const code = /^\s*\d+ \| (.*)$/.exec(lines[index + 1] ?? '')?.[1]?.trim();
    const where = code === undefined ? '' : ` in “${code}”`;
    const message = `the C++ made from it does not compile: ${match[4]}${where}`;
    return { name: `${match[1]}.mod`, code, message, ...(match[2] === 'mod' ? { line: Number(match[3]) } : {}) };
  }
  return undefined;
}

/**
 * Keeps the library beside the `.mod` files and removes what the compiler left.
 * @param {string} folder
 * @returns {Promise<string>} the library's name
 */
export async function keepLibrary(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'tmp' || /^d\d+$/.test(entry.name)) continue;
    const built = join(folder, entry.name);
    for (const name of ['libnrnmech.so', 'libnrnmech.dylib', 'nrnmech.dll', '.libs/libnrnmech.so']) {
      if (!existsSync(join(built, name))) continue;
      await copyFile(join(built, name), join(folder, basename(name)));
      await rename(built, join(folder, 'tmp', 'built'));
      await rm(join(folder, 'tmp'), { recursive: true });
      return basename(name);
    }
  }
  throw new SetupFailure({ code: 'mechanism', what: 'nrnivmodl ended without an error and left no library.' });
}
