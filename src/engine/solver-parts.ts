/** What the solver needs to run a cell's trials, here or, as plain data, in a worker. */
import type { CellSnapshot } from '../model/snapshot.ts';
import type { CellRequest } from './engine.ts';
import { compileFiles } from './mechanisms.ts';
import type { Job } from './pool/index.ts';
import type { Arithmetic, RunnerParts, RunPlan } from './solver-trials.ts';

/** Mechanisms that a run needs besides the cell's. */
const OWN = ['TwincellExcitatory', 'TwincellGaba', 'IClamp'];

export async function runnerParts(
  { mechanisms: files, synapses }: CellRequest,
  snapshot: CellSnapshot,
  { dt, order, steps, recordings }: RunPlan,
  arithmetic: Arithmetic,
): Promise<RunnerParts> {
  const mechanisms = await compileFiles(files, [...snapshot.mechanismOrder, ...OWN]);
  return { snapshot, mechanisms, synapses, plan: { dt, order, steps, recordings }, arithmetic };
}

export function jobOf({ mechanisms: { kernels, refused }, ...parts }: RunnerParts): Job {
  return { ...parts, programs: Array.from(kernels.values(), ({ program }) => program), refused };
}
