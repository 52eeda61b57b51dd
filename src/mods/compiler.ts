/** NEURON's own compiler on one mechanism file: its translator, the C++ compiler, and a trial link against NEURON. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheFolder, ensureEnvironment, requireCompiler } from '../../env/index.mjs';
import { EnvironmentError, InterruptedError } from '../errors.ts';
import { type Complaint, compilerComplaints, linkerComplaints, translatorComplaints } from './output.ts';

/** What NEURON's compiler makes of a file. */
export interface CompilerVerdict {
  /** Nothing where it compiles. */
  readonly complaints: readonly Complaint[];
  /** The C++ made from it, where it was made and is needed to explain a complaint. */
  readonly generated: string | null;
}

export interface ModCompiler {
  /** Compiles a file alone, in its folder; the same text with the same included files is compiled once. */
  compile(file: string, signal: AbortSignal): Promise<CompilerVerdict>;
  /** Whether a header that NEURON includes declares a function of this name. */
  isKnown(name: string): boolean;
}

/** Where NEURON's tools are, and how it calls the C++ compiler. */
interface Tools {
  readonly data: string;
  readonly translator: string;
  readonly cxx: string;
  readonly flags: readonly string[];
  /** Names the tools in the cache. */
  readonly version: string;
}

const TRANSLATE_MS = 20_000;
const COMPILE_MS = 600_000;

/** The compiler of the locked NEURON, made ready on first use. */
export async function createModCompiler(options: Parameters<typeof ensureEnvironment>[1] = {}): Promise<ModCompiler> {
  const environment = await ensureEnvironment('neuron', options);
  const { cxx } = requireCompiler();
  const tools = await findTools(environment.folder, cxx);
  const cache = join(cacheFolder(), 'mechanisms', basename(environment.folder), 'checks');
  const known = await declaredNames(join(tools.data, 'include'));
  return {
    isKnown: (name) => known.has(name),
    async compile(file, signal) {
      const key = await keyOf(file, tools.version);
      const kept = join(cache, `${key}.json`);
      if (existsSync(kept)) return JSON.parse(await readFile(kept, 'utf8')) as CompilerVerdict;
      const verdict = await compileAlone(file, tools, signal);
      await mkdir(cache, { recursive: true });
      await writeFile(`${kept}.${process.pid}`, JSON.stringify(verdict));
      await rename(`${kept}.${process.pid}`, kept);
      return verdict;
    },
  };
}

async function findTools(environment: string, cxx: string): Promise<Tools> {
  const lib = join(environment, 'lib');
  for (const python of await readdir(lib).catch(() => [])) {
    const data = join(lib, python, 'site-packages', 'neuron', '.data');
    const translator = join(data, 'bin', 'nocmodl');
    if (!existsSync(translator)) continue;
    const makefile = await readFile(join(data, 'bin', 'nrnmech_makefile'), 'utf8');
    const flags = [/^CXXFLAGS *= *(.*)$/m, /^CXXCOMPILE *= *\$\(CXX\) \$\(CXXFLAGS\) *(.*)$/m]
      .flatMap((pattern) => (pattern.exec(makefile)?.[1] ?? '').split(/\s+/))
      .filter((flag) => flag !== '' && !/^-O\d/.test(flag));
    const packages = await readdir(join(lib, python, 'site-packages'));
    const version = packages.find((name) => /^neuron-.+\.dist-info$/i.test(name)) ?? 'neuron';
    return { data, translator, cxx, flags, version: `${version} ${cxx} ${process.platform}-${process.arch}` };
  }
  throw new EnvironmentError(`NEURON’s translator nocmodl is not in ${environment}`, { remedy: 'npx twincell setup' });
}

/** Words followed by a parenthesis in the headers that every mechanism includes. */
async function declaredNames(include: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>(C_LIBRARY);
  for (const entry of await readdir(include, { withFileTypes: true })) {
    if (!entry.isFile() || !/\.h(?:pp)?$/.test(entry.name)) continue;
    const text = await readFile(join(include, entry.name), 'utf8');
    for (const match of text.matchAll(/\b([A-Za-z_]\w*)\s*\(|#define\s+(\w+)/g)) names.add(match[1] ?? match[2] ?? '');
  }
  return names;
}

const C_LIBRARY =
  'sqrt exp log log10 pow sin cos tan asin acos atan atan2 sinh cosh tanh floor ceil fabs fmod malloc calloc realloc free strcmp strlen strcpy strcat strtok printf sprintf fprintf sscanf fopen fclose fgets popen pclose qsort rand srand drand48 srand48 time getpid lgamma exit atof atoi memcpy memset'.split(
    ' ',
  );

/** Names the file with all it includes. */
async function keyOf(file: string, version: string): Promise<string> {
  const hash = createHash('sha256').update(`${version}\0${basename(file)}\0`);
  const seen = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const text = await readFile(next, 'latin1');
    hash.update(text).update('\0');
    for (const match of text.matchAll(/(?:INCLUDE|include)\s*"([^"\n]+)"/g)) {
      const included = join(dirname(file), match[1] ?? '');
      if (existsSync(included)) waiting.push(included);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function compileAlone(file: string, tools: Tools, signal: AbortSignal): Promise<CompilerVerdict> {
  const work = await mkdtemp(join(tmpdir(), 'twincell-mods-'));
  try {
    return await compileIn(work, file, tools, signal);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function compileIn(work: string, file: string, tools: Tools, signal: AbortSignal): Promise<CompilerVerdict> {
  const { data, translator, cxx, flags } = tools;
  const folder = dirname(file);
  const units = join(data, 'share', 'nrn', 'lib', 'nrnunits.lib');
  const env = { ...process.env, LC_ALL: 'C', MODLUNIT: units, TMPDIR: work };
  const run = (program: string, args: readonly string[], cwd: string, limit: number) =>
    execute(program, args, { cwd, env, limit, signal });
  const translated = await run(translator, [basename(file), '-o', work], folder, TRANSLATE_MS);
  if (translated.status !== 0) {
    return { complaints: translatorComplaints(translated.output, translated.end), generated: null };
  }
  const source = join(work, basename(file).replace(/\.mod$/, '.cpp'));
  const object = join(work, 'mechanism.o');
  const includes = ['-I', work, '-I', folder, '-I', join(data, 'include')];
  const [program = 'c++', ...before] = cxx.split(' ');
  const compiled = await run(
    program,
    [...before, '-O0', '-w', ...flags, ...includes, '-fPIC', '-c', source, '-o', object],
    work,
    COMPILE_MS,
  );
  if (compiled.status !== 0) {
    const complaints = compilerComplaints(compiled.output);
    const plain: Complaint = {
      stage: 'compile',
      message: firstLine(compiled.output),
      code: null,
      line: null,
      column: null,
    };
    return { complaints: complaints.length > 0 ? complaints : [plain], generated: await readFile(source, 'latin1') };
  }
  const undefinedIsError = process.platform === 'darwin' ? [] : ['-Wl,--no-undefined'];
  const linked = await run(
    program,
    [...before, '-shared', ...undefinedIsError, object, '-L', join(data, 'lib'), '-lnrniv', '-o', join(work, 'm.so')],
    work,
    COMPILE_MS,
  );
  return { complaints: linked.status === 0 ? [] : linkerComplaints(linked.output), generated: null };
}

function firstLine(output: string): string {
  return output.split('\n').find((line) => line.trim() !== '') ?? 'no output';
}

interface Outcome {
  readonly status: number;
  readonly end: 'failed' | 'crashed' | 'hung';
  readonly output: string;
}

/** Runs a program with limits on its time and its output (the translator can loop for ever, filling the memory). */
function execute(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; limit: number; signal: AbortSignal },
): Promise<Outcome> {
  return new Promise((done, fail) => {
    if (options.signal.aborted) return fail(new InterruptedError('the check was interrupted'));
    // `ulimit` is the shell's: a limit on the processor's time and on memory, which spawn has no option for.
    const seconds = Math.ceil(options.limit / 1000);
    const limited = `ulimit -t ${seconds}; ulimit -v 6000000 2>/dev/null; exec "$0" "$@"`;
    const child = spawn('sh', ['-c', limited, program, ...args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pieces: Buffer[] = [];
    let size = 0;
    const take = (piece: Buffer) => {
      size += piece.length;
      if (size < 4_000_000) pieces.push(piece);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.limit * 10);
    const stop = () => child.kill('SIGKILL');
    options.signal.addEventListener('abort', stop, { once: true });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
      if (options.signal.aborted) return fail(new InterruptedError('the check was interrupted'));
      const output = Buffer.concat(pieces).toString('utf8');
      const hung = late || signal === 'SIGXCPU' || signal === 'SIGKILL' || /out of memory|bad_alloc/.test(output);
      done({ status: code ?? 1, end: hung ? 'hung' : signal === null ? 'failed' : 'crashed', output });
    });
  });
}
