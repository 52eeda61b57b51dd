/** How far a trace is from a converged one. */
import { crossings, sampled, type Trace } from './trace.ts';

export interface TraceError {
  /** Spikes of both that are the same one, and those that only one of them has. */
  readonly spikes: number;
  readonly unmatched: number;
  /** Of spikes that are the same one (ms). */
  readonly shifts: readonly number[];
  /** Squared difference (mV²) and number of samples, and the same more than QUIET_MS from any spike. */
  readonly squares: number;
  readonly samples: number;
  readonly quietSquares: number;
  readonly quietSamples: number;
}

/** Spikes further apart than this are not the same one (ms). */
const SAME_MS = 5;
const QUIET_MS = 10;
const EVERY_MS = 0.1;

export function traceError(trace: Trace, reference: Trace, durationMs: number): TraceError {
  const [own, converged] = [crossings(trace), crossings(reference)];
  const shifts = converged.flatMap((time) => {
    const nearest = own.reduce((best, one) => (Math.abs(one - time) < Math.abs(best - time) ? one : best), Infinity);
    return Math.abs(nearest - time) <= SAME_MS ? [Math.abs(nearest - time)] : [];
  });
  const count = Math.floor(durationMs / EVERY_MS + 1e-9);
  const [a, b] = [sampled(trace, EVERY_MS, count), sampled(reference, EVERY_MS, count)];
  let [squares, quietSquares, quietSamples] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const square = ((a[k] as number) - (b[k] as number)) ** 2;
    squares += square;
    if (converged.some((time) => Math.abs(time - k * EVERY_MS) < QUIET_MS)) continue;
    quietSquares += square;
    quietSamples++;
  }
  const unmatched = own.length + converged.length - 2 * shifts.length;
  return { spikes: shifts.length, unmatched, shifts, squares, samples: count, quietSquares, quietSamples };
}

/** Of several trials together. */
export interface ErrorSummary {
  readonly spikes: number;
  readonly unmatched: number;
  readonly shiftMeanMs: number;
  readonly shiftMaxMs: number;
  /** Root mean square of the soma's potential: everywhere, and away from spikes (mV). */
  readonly rmsMv: number;
  readonly quietRmsMv: number;
}

export function summarise(errors: readonly TraceError[]): ErrorSummary {
  const sum = (of: (error: TraceError) => number): number => errors.reduce((total, one) => total + of(one), 0);
  const shifts = errors.flatMap((error) => error.shifts);
  return {
    spikes: sum(({ spikes }) => spikes),
    unmatched: sum(({ unmatched }) => unmatched),
    shiftMeanMs: shifts.reduce((a, b) => a + b, 0) / shifts.length,
    shiftMaxMs: Math.max(...shifts),
    rmsMv: Math.sqrt(sum(({ squares }) => squares) / sum(({ samples }) => samples)),
    quietRmsMv: Math.sqrt(sum(({ quietSquares }) => quietSquares) / sum(({ quietSamples }) => quietSamples)),
  };
}
