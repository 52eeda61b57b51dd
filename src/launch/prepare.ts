/** From an experiment to what runs it: the resolved model, the engines, the input of each trial, and what it all hangs on. */
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packageFolder, type SetupEvent } from '../../env/index.mjs';
import type { CellRequest, Engine, Trial } from '../engine/engine.ts';
import { createNeuronEngine, type NeuronEngine } from '../engine/neuron.ts';
import { ownDescribe } from '../engine/own-cell.ts';
import { type Acceleration, createSolverEngine, requireCompiled, type SolverEngineOptions } from '../engine/solver.ts';
import { UsageError } from '../errors.ts';
import { canonicalJson, type Dependencies, type Experiment, sha256 } from '../experiment/index.ts';
import type { LibmName } from '../libm/index.ts';
import { type ResolvedModel, resolveModel, synapsesOf } from '../model/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { fastErrorOf, runnableMode, type SolverMode } from '../solver/index.ts';
import { stimulusFor } from '../stimulus/index.ts';
import { VERSION } from '../version.ts';

export interface PrepareOptions {
  /** A model folder, or the folder that holds several. */
  readonly models?: string;
  /** Processes that simulate at once; the cores by default. */
  readonly workers?: number;
  /** The solver's exp, log and pow; `native` unless given. */
  readonly libm?: LibmName;
  /** How the solver runs; `reference` unless given. */
  readonly mode?: SolverMode;
  /** Mode fast: largest relative error of its tables; `FAST_TOLERANCE` unless given. */
  readonly fastError?: number;
  /** V8's 256-bit revectorizer for the solver's trials, where it gives the same bits on this machine; off unless given. */
  readonly accelerate?: Acceleration;
  /** Told that it does, and over how much simulated time that was compared (ms). */
  readonly onAccelerated?: (comparedMs: number) => void;
  readonly signal?: AbortSignal;
  /** Told about set-up that happens on first use. */
  readonly report?: (event: SetupEvent) => void;
}

/** How engines compute exp, log and pow. */
export interface Arithmetic {
  /** The solver's: `native` unless given. */
  readonly libm?: LibmName;
  /** How the solver runs; `reference` unless given. */
  readonly mode?: SolverMode;
  /** Whether NEURON is to round as the solver's `glibc` does. */
  readonly bitwise?: boolean;
}

/** An experiment with everything it needs at hand. */
export interface Prepared {
  readonly experiment: Experiment;
  readonly model: ResolvedModel;
  readonly cell: CellRequest;
  readonly dependencies: Dependencies;
  readonly options: PrepareOptions;
  /**
   * Makes an engine; close it when done. On the number of worker processes that the options say, or on `workers`: the solver
   * takes 1 for this process.
   */
  createEngine(name: 'neuron' | 'solver', workers?: number, arithmetic?: Arithmetic): Engine;
  /** Versions of what has run so far, by name. */
  versions(): Readonly<Record<string, string>>;
  trial(snapshot: CellSnapshot, index: number): Trial;
}

/** Factor on the SK conductance in the paper's AMPA_SK condition (Beniaguev et al. 2021). */
const AMPA_SK_FACTOR = 0.1;

/** Finds the model's files, fetching what a first use needs. */
export async function prepare(experiment: Experiment, options: PrepareOptions = {}): Promise<Prepared> {
  const { models, signal, report } = options;
  const { condition, passive, model: name } = experiment.cell;
  const shared = {
    ...(models === undefined ? {} : { models }),
    ...(signal ? { signal } : {}),
    ...(report ? { report } : {}),
  };
  const model = await resolveModel({ model: name, ...shared });
  const cell: CellRequest = {
    card: model.card,
    morphology: model.morphology,
    mechanisms: model.mechanisms,
    folder: model.folder,
    passive,
    synapses: synapsesOf(condition),
    skFactor: condition === 'AMPA_SK' ? AMPA_SK_FACTOR : 1,
  };
  const sidecars: NeuronEngine[] = [];
  const createNeuron = (workers: number, bitwise = false) => {
    const engine = createNeuronEngine({ workers, bitwise, ...shared });
    sidecars.push(engine);
    return engine;
  };
  return {
    experiment,
    model,
    cell,
    options,
    dependencies: { ...(await dependenciesOf(model)), ...arithmeticOf(experiment, options) },
    createEngine(engine, given, arithmetic = {}) {
      const workers = given ?? options.workers ?? availableParallelism();
      const { libm = options.libm, mode = options.mode, bitwise } = arithmetic;
      if (engine === 'neuron') return createNeuron(workers, bitwise);
      runnableMode(mode, libm);
      return solverOnOwnCell(createNeuron(1), {
        libm: libm ?? 'native',
        mode: mode ?? 'reference',
        ...(mode === 'fast' && options.fastError !== undefined && { fastError: options.fastError }),
        ...(given === 1 ? {} : { workers, ...accelerationOf(options) }),
      });
    },
    versions: () =>
      Object.assign({ twincell: VERSION, node: process.versions.node }, ...sidecars.map((one) => one.versions)),
    trial: (snapshot, index) => ({ index, events: stimulusFor(experiment, snapshot, index) }),
  };
}

/** @throws UsageError where a mode, or its acceleration, was asked for that does not run the experiment's trials */
export function assertModeFits({
  experiment,
  options: { mode, libm, accelerate, fastError },
}: Pick<Prepared, 'experiment' | 'options'>): void {
  requireCompiled(runnableMode(mode, libm), accelerate);
  fastErrorOf(mode, fastError);
  if (experiment.simulation.engine === 'solver') return;
  if (accelerate !== undefined) {
    throw new UsageError(`--accelerate ${accelerate} is the solver's, and this experiment runs on NEURON`, {
      remedy: 'Use --engine solver --mode exact, or leave --accelerate out.',
    });
  }
  if (mode === undefined) return;
  throw new UsageError(`mode ${mode} is the solver's, and this experiment runs on NEURON`, {
    remedy: 'Use --engine solver, or leave --mode out.',
  });
}

function accelerationOf({ accelerate, onAccelerated }: PrepareOptions) {
  return { ...(accelerate && { accelerate }), ...(onAccelerated && { onAccelerated }) };
}

/** The solver on its own import of the cell; only what a builder makes comes from NEURON, which is stopped as soon as it has told. */
function solverOnOwnCell(neuron: Engine, options: Omit<SolverEngineOptions, 'describe'>): Engine {
  const solver = createSolverEngine({
    ...options,
    describe: ownDescribe(async (cell, signal) => {
      try {
        return await neuron.describe(cell, signal);
      } finally {
        await neuron.close();
      }
    }),
  });
  return {
    ...solver,
    async close() {
      await Promise.all([solver.close(), neuron.close()]);
    },
  };
}

/** NEURON's arithmetic is its environment's; the solver's is chosen. */
function arithmeticOf(
  { simulation }: Experiment,
  { mode, libm, fastError }: PrepareOptions,
): Pick<Dependencies, 'arithmetic'> {
  if (simulation.engine !== 'solver') return {};
  const tables = fastErrorOf(mode, fastError);
  return { arithmetic: `${mode ?? 'reference'} ${libm ?? 'native'}${tables === null ? '' : ` ${tables}`}` };
}

/** The model's files and our own mechanisms, the lock of NEURON's environment, the version of the code. */
async function dependenciesOf(model: ResolvedModel): Promise<Dependencies> {
  const own = join(packageFolder(), 'python', 'mechanisms');
  const mechanisms: Record<string, string> = {};
  for (const name of (await readdir(own)).sort()) {
    if (name.endsWith('.mod')) mechanisms[name] = sha256(await readFile(join(own, name)));
  }
  return {
    modelFiles: { ...model.hashes, ...mechanisms, card: sha256(canonicalJson(model.card)) },
    locks: { neuron: await lockHash('neuron') },
    code: VERSION,
  };
}

/** The hash of a locked Python environment's lock. */
export async function lockHash(name: 'neuron' | 'torch'): Promise<string> {
  return sha256(await readFile(join(packageFolder(), 'env', 'python', `${name}.lock`)));
}
