/** What the bench of start-up tells of a process. */

/**
 * One compartment with a channel that nobody has seen; a whole cell with its synapses; the same where another process has left
 * in a folder what it made of the cell.
 */
export const SUBJECTS = ['channel', 'cell', 'kept cell'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** From text to a program; the solver laid out; its first start, which plans and compiles; the first step; all of it. */
export const STAGES = ['compile', 'create', 'initialize', 'step', 'total'] as const;
export type Stage = (typeof STAGES)[number];

export type Times = Readonly<Record<Stage, { readonly cpuMs: number; readonly wallMs: number }>>;

export interface Measurement {
  readonly processMs: number;
  readonly first: Times;
  readonly again: Times;
}
