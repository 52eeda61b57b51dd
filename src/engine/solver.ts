/** The TypeScript solver as an engine: pure TypeScript, no Python; in this process, or on a pool of worker processes. */
import { UsageError } from '../errors.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { fastErrorOf, type LibmName, runnableMode, type SolverMode } from '../solver/index.ts';
import type { CellRequest, Engine, RunOptions, Trial, VoltageBlock } from './engine.ts';
import { runTrialsOnPool } from './pool/index.ts';
import { jobOf, runnerParts } from './solver-parts.ts';
import { createTrialRunner, type RunnerParts } from './solver-trials.ts';
import { recordSolverWindow } from './solver-window.ts';

export interface SolverEngineOptions {
  /** Where the compartments come from: another engine's `describe`, or a stored snapshot. */
  readonly describe: (cell: CellRequest, signal?: AbortSignal) => Promise<CellSnapshot>;
  /** Whose exp, log and pow: `glibc` has the same bits everywhere, `native` (default) is the machine's Math. */
  readonly libm?: LibmName;
  /** `reference` unless given: NEURON's arithmetic. A window of a divergence is always recorded in `reference`. */
  readonly mode?: SolverMode;
  /** Mode fast: largest relative error of its tables; `FAST_TOLERANCE` unless given. */
  readonly fastError?: number;
  /** Worker processes that run trials at once; where absent, trials run one after the other in this process. */
  readonly workers?: number;
  /** Starts workers with V8's 256-bit revectorizer, after a comparison; refused where that fails. Compiled modes only. */
  readonly accelerate?: Acceleration;
  /** Told that the comparison went well, and over how much simulated time (ms). */
  readonly onAccelerated?: (comparedMs: number) => void;
}

export type Acceleration = 'revectorize';

export function createSolverEngine(options: SolverEngineOptions): Engine {
  const libm = options.libm === undefined ? {} : { libm: options.libm };
  const mode = runnableMode(options.mode, options.libm);
  requireCompiled(mode, options.accelerate);
  const fastError = fastErrorOf(mode, options.fastError);
  if (options.accelerate !== undefined && options.workers === undefined) {
    throw new UsageError('V8’s revectorizer needs a process of its own, so that it cannot run in this one', {
      remedy: 'Give a number of workers.',
    });
  }
  let described: { readonly cell: CellRequest; readonly snapshot: Promise<CellSnapshot> } | undefined;

  function describe(cell: CellRequest, signal?: AbortSignal): Promise<CellSnapshot> {
    if (described?.cell !== cell) {
      const snapshot = options.describe(cell, signal);
      described = { cell, snapshot };
      // A description that failed is asked for again.
      snapshot.catch(() => {
        described = undefined;
      });
    }
    return described.snapshot;
  }

  return {
    name: 'solver',
    describe,
    async *run(cell, trials, run) {
      const snapshot = await describe(cell, run.signal);
      const parts = await runnerParts(cell, snapshot, run, { mode, ...libm, ...(fastError !== null && { fastError }) });
      yield* options.workers === undefined ? runHere(parts, trials, run) : runThere(parts, trials, run, options);
    },
    async recordWindow(cell, trial, window) {
      const snapshot = await describe(cell, window.signal);
      const { dt, order, lastStep: steps } = window;
      const parts = await runnerParts(cell, snapshot, { dt, order, steps, recordings: [] }, { mode });
      return recordSolverWindow({ ...parts, trial, ...libm }, window);
    },
    async close() {
      described = undefined;
    },
  };
}

async function* runHere(
  parts: RunnerParts,
  trials: Iterable<Trial> | AsyncIterable<Trial>,
  run: RunOptions,
): AsyncGenerator<VoltageBlock> {
  const runTrial = createTrialRunner(parts);
  for await (const trial of trials) for await (const blocks of runTrial(trial, run)) yield* blocks;
}

function runThere(
  parts: RunnerParts,
  trials: Iterable<Trial> | AsyncIterable<Trial>,
  { signal, onProgress }: RunOptions,
  { workers = 1, accelerate, onAccelerated }: SolverEngineOptions,
): AsyncGenerator<VoltageBlock> {
  return runTrialsOnPool(jobOf(parts), trials, {
    workers,
    accelerate,
    onAccelerated,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
}

/** @throws UsageError where there is no compiled code to accelerate */
export function requireCompiled(mode: SolverMode, accelerate: Acceleration | undefined): void {
  if (accelerate === undefined || mode !== 'reference') return;
  throw new UsageError('mode reference has no WebAssembly for V8’s revectorizer to join', {
    remedy: 'Use --mode exact, or leave --accelerate out.',
  });
}
