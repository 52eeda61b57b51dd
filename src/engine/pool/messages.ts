/** What this process and a worker tell each other: plain data, no functions and no program text. */
import type { KernelProgram } from '../../kernel/program.ts';
import type { CellSnapshot } from '../../model/snapshot.ts';
import type { SynapseSet } from '../../solver/index.ts';
import type { Trial, TrialProgress, VoltageBlock } from '../engine.ts';
import type { Arithmetic, RunPlan } from '../solver-trials.ts';
import type { PlainError } from './plain-error.ts';

/** What a worker needs to run trials. */
export interface Job {
  readonly snapshot: CellSnapshot;
  /** The mechanisms' work as data; a worker makes its own code of it. */
  readonly programs: readonly KernelProgram[];
  /** Mechanisms that will not run, by name, and why. */
  readonly refused: ReadonlyMap<string, string>;
  readonly synapses: SynapseSet;
  readonly plan: RunPlan;
  readonly arithmetic: Arithmetic;
}

export type ToWorker =
  /** The first message. */
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'trial'; readonly trial: Trial }
  /** Blocks that a worker sent are being used: it may send more. */
  | { readonly kind: 'taken' };

export type FromWorker =
  | { readonly kind: 'blocks'; readonly blocks: readonly VoltageBlock[]; readonly last: boolean }
  | { readonly kind: 'progress'; readonly progress: TrialProgress }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** Messages with blocks that a worker sends before it waits for one to be taken: 100 ms of simulated time each. */
export const WINDOW = 4;
