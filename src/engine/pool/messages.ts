/** What this process and a worker tell each other: plain data, no functions and no program text. */
import type { KernelProgram } from '../../kernel/program.ts';
import type { CellSnapshot } from '../../model/snapshot.ts';
import type { SynapseSet } from '../../solver/index.ts';
import type { TrialProgress } from '../engine.ts';
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

export type ToWorker<Job, Input> =
  /** The first message. */
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'input'; readonly input: Input }
  /** An output that a worker sent is being used: it may send more. */
  | { readonly kind: 'taken' };

export type FromWorker<Output> =
  | { readonly kind: 'output'; readonly output: Output }
  /** All that comes of an input has been sent. */
  | { readonly kind: 'done' }
  | { readonly kind: 'progress'; readonly progress: TrialProgress }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** Outputs that a worker sends before it waits for one to be taken. */
export const WINDOW = 4;
