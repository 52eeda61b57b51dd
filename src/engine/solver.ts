/** The TypeScript solver as an engine, in this process: pure TypeScript, no Python. */
import type { CellSnapshot } from '../model/snapshot.ts';
import {
  createSolver,
  type LibmName,
  type Mechanisms,
  runnableMode,
  type Solver,
  type SolverMode,
} from '../solver/index.ts';
import { blockSteps, createRecorder, type Recorder } from './blocks.ts';
import { clampRow } from './clamps.ts';
import type { CellRequest, Engine, RunOptions, Trial, VoltageBlock } from './engine.ts';
import { compileFiles } from './mechanisms.ts';
import { recordSolverWindow } from './solver-window.ts';
import { nextTurn, throwIfAborted } from './turns.ts';

export interface SolverEngineOptions {
  /** Where the compartments come from: another engine's `describe`, or a stored snapshot. */
  readonly describe: (cell: CellRequest, signal?: AbortSignal) => Promise<CellSnapshot>;
  /** Whose exp, log and pow: `glibc` has the same bits everywhere, `native` (default) is the machine's Math. */
  readonly libm?: LibmName;
  /** `reference` unless given: NEURON's arithmetic. A window of a divergence is always recorded in `reference`. */
  readonly mode?: SolverMode;
}

/** Longest stretch of computing without a turn of the event loop, and time between reports of progress (ms). */
const TURN_MS = 40;
const REPORT_MS = 200;

export function createSolverEngine(options: SolverEngineOptions): Engine {
  const libm = options.libm === undefined ? {} : { libm: options.libm };
  const mode = runnableMode(options.mode, options.libm);
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
      const mechanisms = await compileFiles(cell.mechanisms, [...snapshot.mechanismOrder, ...OWN]);
      const create = (trial: Trial): Solver =>
        createTrialSolver({ snapshot, mechanisms, cell, trial, run, mode, ...libm });
      let unclamped: Solver | undefined;
      for await (const trial of trials) {
        const clamped = (trial.clamps?.length ?? 0) > 0;
        if (!clamped) unclamped ??= create(trial);
        yield* runTrial(clamped || unclamped === undefined ? create(trial) : unclamped, snapshot, trial, run);
      }
    },
    async recordWindow(cell, trial, window) {
      const snapshot = await describe(cell, window.signal);
      const mechanisms = await compileFiles(cell.mechanisms, [...snapshot.mechanismOrder, ...OWN]);
      return recordSolverWindow({ snapshot, mechanisms, synapses: cell.synapses, trial, ...libm }, window);
    },
    async close() {
      described = undefined;
    },
  };
}

/** Mechanisms that a run needs besides the cell's. */
const OWN = ['TwincellExcitatory', 'TwincellGaba', 'IClamp'];

interface TrialParts {
  readonly snapshot: CellSnapshot;
  readonly mechanisms: Mechanisms;
  readonly cell: CellRequest;
  readonly trial: Trial;
  readonly run: RunOptions;
  readonly libm?: LibmName;
  readonly mode: SolverMode;
}

function createTrialSolver({ snapshot, mechanisms, cell, trial, run, libm, mode }: TrialParts): Solver {
  const clamps = (trial.clamps ?? []).map((clamp) => ({ ...clamp, node: clampRow(snapshot, clamp) }));
  const { synapses } = cell;
  const { dt, order } = run;
  return createSolver(snapshot, { dt, order, synapses, mechanisms, clamps, mode, ...(libm ? { libm } : {}) });
}

async function* runTrial(
  solver: Solver,
  snapshot: CellSnapshot,
  trial: Trial,
  options: RunOptions,
): AsyncGenerator<VoltageBlock> {
  const { dt, steps, recordings, signal } = options;
  const perBlock = blockSteps(dt);
  const recorders = recordings.map((recording) => createRecorder(snapshot, recording, steps, perBlock));
  const pause = createPause(trial, options);
  solver.initialize(trial.events);
  take(recorders, 0, solver.v);
  for (let step = 0; step < steps; ) {
    const end = Math.min(steps, step + perBlock);
    while (step < end) {
      solver.step();
      step++;
      take(recorders, step, solver.v);
      if (step % 16 === 0) {
        const turn = pause(step);
        if (turn !== undefined) await turn;
      }
    }
    await nextTurn();
    throwIfAborted(signal);
    yield* blocksOf(recorders, trial.index, end === steps);
  }
}

function take(recorders: readonly Recorder[], step: number, v: Float64Array): void {
  for (const recorder of recorders) recorder.take(step, v);
}

/** The filled blocks; at the end of a trial the last of them says so, or an empty one where none is filled. */
function* blocksOf(recorders: readonly Recorder[], trial: number, end: boolean): Generator<VoltageBlock> {
  const blocks = recorders.map((recorder) => recorder.flush()).filter((block) => block !== undefined);
  const first = recorders[0];
  if (end && blocks.length === 0 && first !== undefined) blocks.push(first.empty());
  for (const [k, block] of blocks.entries()) yield { trial, ...block, last: end && k === blocks.length - 1 };
}

/**
 * Asked every few steps: gives the event loop a turn when it has waited long enough, so that signals, timers and another
 * engine get theirs, and reports progress.
 */
function createPause(trial: Trial, options: RunOptions): (step: number) => Promise<void> | undefined {
  const { dt, steps, signal, onProgress } = options;
  let turned = performance.now();
  let reported = turned;
  return (step) => {
    const now = performance.now();
    if (now - turned < TURN_MS) return undefined;
    if (now - reported >= REPORT_MS) {
      reported = now;
      onProgress?.({ trial: trial.index, timeMs: step * dt, totalMs: steps * dt });
    }
    return nextTurn().then(() => {
      turned = performance.now();
      throwIfAborted(signal);
    });
  };
}
