/** The modes in which the solver runs a circuit. */
import { UsageError } from '../errors.ts';
import type { LibmName } from '../libm/index.ts';

/**
 * - `reference`: NEURON's arithmetic in NEURON's order, in JavaScript; with glibc's functions equal to it to the last bit.
 * - `exact`: compiled to WebAssembly, rearranged only where that is harmless: within 1e-6 mV of NEURON.
 * - `fast`: interpolated rates with a stated error bound.
 */
export type SolverMode = 'reference' | 'exact' | 'fast';

export const SOLVER_MODES: readonly SolverMode[] = ['reference', 'exact', 'fast'];

/** The modes that run. */
export type RunnableMode = Exclude<SolverMode, 'fast'>;

/**
 * The mode, where it runs with these functions.
 * @throws UsageError for a mode that is not there yet, or has functions of its own
 */
export function runnableMode(mode: SolverMode = 'reference', libm: LibmName = 'native'): RunnableMode {
  if (mode === 'fast') {
    throw new UsageError('the solver has no mode fast yet', {
      remedy: 'Use mode exact, which is within 1e-6 mV of NEURON, or mode reference.',
    });
  }
  if (mode === 'exact' && libm === 'glibc') {
    throw new UsageError('mode exact has its own exp, log and pow, so that it cannot take glibc’s', {
      remedy: 'Leave --libm glibc out, or use mode reference.',
    });
  }
  return mode;
}
