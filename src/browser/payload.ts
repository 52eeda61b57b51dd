/** What a page of a running cell holds: a cell as the solver takes it, and how it is to run. */
import type { KernelProgram } from '../kernel/program.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { SolverMode } from '../solver/mode.ts';
import type { PaperInput } from '../stimulus/index.ts';

export interface RunnableCell {
  readonly snapshot: CellSnapshot;
  /** Checked mechanisms as plain arithmetic; no text of a file is in them. */
  readonly programs: readonly KernelProgram[];
  readonly synapses: SynapseSet | null;
  /** Time step (ms) and its order. */
  readonly dt: number;
  readonly order: 1 | 2;
  readonly mode: SolverMode;
  /** Length of a trial, a whole number of ms. */
  readonly durationMs: number;
  readonly input: PaperInput;
}
