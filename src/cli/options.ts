/** Options shared by commands, spelled and checked the same everywhere. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_NEURON_SHARE, type ExperimentInput } from '../experiment/index.ts';
import type { LibmName } from '../libm/index.ts';
import { FAST_TOLERANCE, SOLVER_MODES, type SolverMode } from '../solver/index.ts';

/** What the shared options leave in a command's options. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly model?: string;
  readonly models?: string;
  readonly condition?: 'NMDA' | 'AMPA' | 'AMPA_SK';
  readonly passive?: boolean;
  readonly trials?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly engine?: 'neuron' | 'solver';
  readonly dt?: number;
  readonly order?: 1 | 2;
  readonly neuronShare?: number;
  readonly libm?: LibmName;
  readonly mode?: SolverMode;
  readonly fastError?: number;
  readonly accelerate?: 'revectorize';
  readonly workers?: number;
  readonly out?: string;
}

const OPTIONS = {
  json: () =>
    new Option('--json', 'print one JSON object as the last line of standard output; the rest goes to standard error'),
  model: () => new Option('--model <name>', 'model card: l5pc-bbp, l5pc-hay, or one found under --models'),
  models: () => new Option('--models <dir>', 'a model folder, or the folder that holds several').env('TWINCELL_MODELS'),
  condition: () =>
    new Option('--condition <name>', "the paper's synaptic condition").choices(['NMDA', 'AMPA', 'AMPA_SK']),
  passive: () => new Option('--passive', 'passive membrane and the synapses only'),
  trials: () => new Option('--trials <n>', 'number of trials').argParser(wholeNumber(1)),
  seconds: () => new Option('--seconds <s>', 'length of a trial (s)').argParser(positive),
  seed: () => new Option('--seed <n>', 'the only source of randomness').argParser(wholeNumber(0)),
  engine: () => new Option('--engine <name>', 'what runs the cell').choices(['neuron', 'solver']),
  dt: () => new Option('--dt <ms>', 'time step (ms)').argParser(positive),
  order: () =>
    new Option('--order <n>', 'order of the time step: 1 backward Euler, 2 staggered Crank-Nicolson')
      .choices(['1', '2'])
      .argParser((text) => oneOrTwo(text)),
  neuronShare: () =>
    new Option(
      '--neuron-share <fraction>',
      `share of the solver's trials that are run again on NEURON and compared (default: ${DEFAULT_NEURON_SHARE}; 0: none)`,
    ).argParser(fraction),
  libm: () =>
    new Option(
      '--libm <name>',
      "the solver's exp, log and pow: glibc's (the same bits everywhere) or the machine's own",
    ).choices(['glibc', 'native']),
  mode: () =>
    new Option(
      '--mode <name>',
      "how the solver runs: reference (NEURON's arithmetic, the default), exact (compiled, within 1e-6 mV) or fast (with tables)",
    ).choices(SOLVER_MODES),
  fastError: () =>
    new Option(
      '--fast-error <fraction>',
      `mode fast: largest relative error of what its tables give (default: ${FAST_TOLERANCE})`,
    ).argParser(positive),
  accelerate: () =>
    new Option(
      '--accelerate <how>',
      "compiled modes: revectorize starts workers with V8's experimental 256-bit vectors, if a comparison here finds the same bits",
    ).choices(['revectorize']),
  workers: () =>
    new Option(
      '--workers <n>',
      `processes that simulate at once (default: the cores, here ${availableParallelism()})`,
    ).argParser(wholeNumber(1)),
  out: () => new Option('--out <path>', 'where the result goes'),
} as const;

export type SharedName = keyof typeof OPTIONS;

/** Adds shared options to a command; `--json` always. */
export function withShared(command: Command, names: readonly SharedName[]): Command {
  for (const name of names) command.addOption(OPTIONS[name]());
  return command.addOption(OPTIONS.json());
}

/** What a command takes that runs trials of a cell. */
export const TRIAL_OPTIONS = [
  'model',
  'models',
  'condition',
  'passive',
  'trials',
  'seconds',
  'seed',
  'dt',
  'order',
  'mode',
  'fastError',
  'out',
] as const satisfies readonly SharedName[];

/** The part of an experiment that the options ask for. */
export function experimentFromOptions(options: SharedOptions): ExperimentInput {
  const { model, condition, passive, trials, seconds, seed, engine, dt, order, neuronShare } = options;
  return defined({
    seed,
    cell: defined({ model, condition, passive }),
    simulation: defined({ trials, seconds, engine, dt, order, neuronShare }),
  });
}

/** Lays the options over an experiment read from a file. */
export function overlay(base: ExperimentInput, over: ExperimentInput): ExperimentInput {
  return {
    ...base,
    ...(over.seed === undefined ? {} : { seed: over.seed }),
    ...part('cell', base.cell, over.cell),
    ...part('simulation', base.simulation, over.simulation),
  };
}

/** One part of an experiment with options laid over it; what is no object is left for the parser to refuse. */
function part<Key extends string, T extends object>(key: Key, base: T | undefined, over: T | undefined) {
  if (base === undefined) return over === undefined ? {} : { [key]: over };
  const isObject = typeof base === 'object' && base !== null && !Array.isArray(base);
  return { [key]: isObject ? { ...base, ...over } : base };
}

function defined<T extends object>(object: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < minimum) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${minimum}.`);
    }
    return value;
  };
}

export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  }
  return value;
}

function oneOrTwo(text: string): 1 | 2 {
  if (text === '1') return 1;
  if (text === '2') return 2;
  throw new InvalidArgumentError('Expected 1 or 2.');
}
