/** Trials of one run on the solver, one after the other, in the process that calls: the engine's own, or a worker's. */
import type { LibmName } from '../libm/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { createSolver, type Mechanisms, type Solver, type SolverMode, type SynapseSet } from '../solver/index.ts';
import { blockSteps, createRecorder, type Recorder, siteRows } from './blocks.ts';
import { clampRow } from './clamps.ts';
import type { RunOptions, Trial, VoltageBlock } from './engine.ts';
import { cachedStore } from './kept.ts';
import { nextTurn, throwIfAborted } from './turns.ts';

/** What all trials of a run have in common, without what watches them. */
export type RunPlan = Pick<RunOptions, 'dt' | 'order' | 'steps' | 'recordings'>;

/** How the solver computes. */
export interface Arithmetic {
  readonly mode: SolverMode;
  readonly libm?: LibmName;
  /** Whether code is made for V8's 256-bit revectorizer. */
  readonly pairable?: boolean;
  /** Mode fast: largest relative error of its tables. */
  readonly fastError?: number;
}

export interface RunnerParts {
  readonly snapshot: CellSnapshot;
  readonly mechanisms: Mechanisms;
  readonly synapses: SynapseSet;
  readonly plan: RunPlan;
  readonly arithmetic: Arithmetic;
}

export type Watch = Pick<RunOptions, 'signal' | 'onProgress'>;

/** Runs a trial; gives the blocks of at most 100 ms together, those of all recordings. */
export type TrialRunner = (trial: Trial, watch: Watch) => AsyncGenerator<readonly VoltageBlock[]>;

/** Longest stretch of computing without a turn of the event loop, and time between reports of progress (ms). */
const TURN_MS = 25;
const REPORT_MS = 200;

/** One solver serves all trials without clamps: what compiles it is paid once. */
export function createTrialRunner(parts: RunnerParts): TrialRunner {
  let unclamped: Solver | undefined;
  return (trial, watch) => {
    const clamped = (trial.clamps?.length ?? 0) > 0;
    if (clamped) return runTrial(createTrialSolver(parts, trial), parts, trial, watch);
    unclamped ??= createTrialSolver(parts, trial);
    return runTrial(unclamped, parts, trial, watch);
  };
}

function createTrialSolver(parts: RunnerParts, trial: Trial): Solver {
  const { snapshot, mechanisms, synapses, arithmetic } = parts;
  const { dt, order, recordings } = parts.plan;
  const clamps = (trial.clamps ?? []).map((clamp) => ({ ...clamp, node: clampRow(snapshot, clamp) }));
  const shown = recordings.flatMap(({ sites }) => [...siteRows(snapshot, sites)]);
  const kept = cachedStore();
  return createSolver(snapshot, {
    dt,
    order,
    synapses,
    mechanisms,
    clamps,
    shown,
    ...(kept && { kept }),
    ...arithmetic,
  });
}

async function* runTrial(
  solver: Solver,
  { snapshot, plan }: RunnerParts,
  trial: Trial,
  watch: Watch,
): AsyncGenerator<readonly VoltageBlock[]> {
  const { dt, steps, recordings } = plan;
  const perBlock = blockSteps(dt);
  const recorders = recordings.map((recording) => createRecorder(snapshot, recording, steps, perBlock));
  const pause = createPause(trial, plan, watch);
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
    throwIfAborted(watch.signal);
    yield blocksOf(recorders, trial.index, end === steps);
  }
}

function take(recorders: readonly Recorder[], step: number, v: Float64Array): void {
  for (const recorder of recorders) recorder.take(step, v);
}

/** The filled blocks; at the end of a trial the last of them says so, or an empty one where none is filled. */
function blocksOf(recorders: readonly Recorder[], trial: number, end: boolean): VoltageBlock[] {
  const blocks = recorders.map((recorder) => recorder.flush()).filter((block) => block !== undefined);
  const first = recorders[0];
  if (end && blocks.length === 0 && first !== undefined) blocks.push(first.empty());
  return blocks.map((block, k) => ({ trial, ...block, last: end && k === blocks.length - 1 }));
}

/**
 * Asked every few steps: gives the event loop a turn when it has waited long enough, so that signals, timers and another
 * engine get theirs, and reports progress.
 */
function createPause(trial: Trial, { dt, steps }: RunPlan, { signal, onProgress }: Watch) {
  let turned = performance.now();
  let reported = turned;
  return (step: number): Promise<void> | undefined => {
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
