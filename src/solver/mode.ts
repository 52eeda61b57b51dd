/** The modes in which the solver runs a circuit. */
import { UsageError } from '../errors.ts';
import type { LibmName } from '../libm/index.ts';

/**
 * - `reference`: NEURON's arithmetic in NEURON's order, in JavaScript; with glibc's functions equal to it to the last bit.
 * - `exact`: compiled to WebAssembly, rearranged only where that is harmless: within 1e-6 mV of NEURON.
 * - `fast`: as `exact`, but states whose rates depend on the potential alone are moved on by tables, with an error that is set.
 */
export type SolverMode = 'reference' | 'exact' | 'fast';

export const SOLVER_MODES: readonly SolverMode[] = ['reference', 'exact', 'fast'];

/** Mode fast's error where none is asked for: relative, of the coefficients by which a table moves a state on. */
export const FAST_TOLERANCE = 6e-10;

/** Above this, tables are no arithmetic any more. */
const MOST_FAST = 1e-3;

/**
 * Mode fast's error, where there is one.
 * @throws UsageError for an error that no table has, or without mode fast
 */
export function fastErrorOf(mode: SolverMode = 'reference', fastError?: number): number | null {
  if (mode === 'fast') {
    const error = fastError ?? FAST_TOLERANCE;
    if (error > 0 && error <= MOST_FAST) return error;
    throw new UsageError(`the tables of mode fast have a relative error above 0 and up to ${MOST_FAST}, not ${error}`);
  }
  if (fastError === undefined) return null;
  throw new UsageError(`an error of ${fastError} is of mode fast’s tables, and mode ${mode} has none`, {
    remedy: 'Use --mode fast, or leave --fast-error out.',
  });
}

/**
 * The mode, where it runs with these functions.
 * @throws UsageError for a mode that has functions of its own
 */
export function runnableMode(mode: SolverMode = 'reference', libm: LibmName = 'native'): SolverMode {
  if (mode !== 'reference' && libm === 'glibc') {
    throw new UsageError(`mode ${mode} has its own exp, log and pow, so that it cannot take glibc’s`, {
      remedy: 'Leave --libm glibc out, or use mode reference.',
    });
  }
  return mode;
}
