/** Comparing two recorded traces of one site. */
import { spikePeaks } from '../engine/spikes.ts';

/** A sampled voltage: `dtMs` between samples (ms), `mv` the samples (mV). */
export interface Trace {
  readonly dtMs: number;
  readonly mv: ArrayLike<number>;
}

export interface TraceTolerance {
  /** Largest difference of any sample (mV). */
  readonly maxAbsMv?: number;
  /** Largest shift of any spike, paired in order (ms). Without it spikes are not compared. */
  readonly spikeShiftMs?: number;
}

/** One sample of both traces. */
export interface Sample {
  /** ms from the first sample. */
  readonly atMs: number;
  readonly receivedMv: number;
  readonly expectedMv: number;
}

export interface TraceComparison {
  readonly matches: boolean;
  /** The largest difference (mV), and where it is. */
  readonly maxAbsMv: number;
  readonly worst: Sample;
  /** The first sample, or the first spike, that is not within the tolerance; null where there is none. */
  readonly first: Sample | null;
  readonly spikes: readonly [received: number, expected: number];
  /** Infinite where the counts differ. */
  readonly spikeShiftMs: number;
  /** Why it does not match, in words; empty when it does. */
  readonly reasons: readonly string[];
}

/** Compares two traces of the same sampling; a NaN never matches. Without any tolerance they must be equal. */
export function compareTraces(received: Trace, expected: Trace, tolerance: TraceTolerance = {}): TraceComparison {
  const reasons: string[] = [];
  const { dtMs } = expected;
  if (received.dtMs !== dtMs) reasons.push(`sampled every ${received.dtMs} ms, expected every ${dtMs} ms`);
  if (received.mv.length !== expected.mv.length) {
    reasons.push(`${received.mv.length} samples, expected ${expected.mv.length}`);
  }
  const sample = (k: number): Sample => ({
    atMs: timeOf(k, dtMs),
    receivedMv: received.mv[k] ?? Number.NaN,
    expectedMv: expected.mv[k] ?? Number.NaN,
  });
  const limit = tolerance.maxAbsMv ?? (tolerance.spikeShiftMs === undefined ? 0 : Number.POSITIVE_INFINITY);
  const { largest, at, firstBeyond } = differences(received.mv, expected.mv, limit);
  // Written so that a NaN fails.
  if (!(largest <= limit)) reasons.push(`differs by ${largest} mV at ${timeOf(at, dtMs)} ms, allowed ${limit} mV`);
  const peaks = [spikePeaks(received.mv), spikePeaks(expected.mv)] as const;
  const shift = spikeShift(...peaks) * dtMs;
  let first = firstBeyond;
  if (tolerance.spikeShiftMs !== undefined && !(shift <= tolerance.spikeShiftMs)) {
    reasons.push(spikeReason(peaks, shift, tolerance.spikeShiftMs));
    const shifted = firstShifted(...peaks, tolerance.spikeShiftMs / dtMs);
    first = first < 0 ? shifted : Math.min(first, shifted);
  }
  return {
    matches: reasons.length === 0,
    maxAbsMv: largest,
    worst: sample(at),
    first: first < 0 ? null : sample(first),
    spikes: [peaks[0].length, peaks[1].length],
    spikeShiftMs: shift,
    reasons,
  };
}

/** k·dt without the digits that the product alone has: 300 steps of 0.025 ms are 7.5 ms. */
function timeOf(step: number, dtMs: number): number {
  return Number((step * dtMs).toPrecision(12));
}

function spikeReason([received, expected]: readonly [number[], number[]], shift: number, allowed: number): string {
  if (received.length !== expected.length) return `${received.length} spikes, expected ${expected.length}`;
  return `spikes shifted by ${timeOf(1, shift)} ms, allowed ${allowed} ms`;
}

function differences(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  limit: number,
): { largest: number; at: number; firstBeyond: number } {
  let largest = 0;
  let at = 0;
  let firstBeyond = -1;
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    const difference = Math.abs((a[k] as number) - (b[k] as number));
    if (firstBeyond < 0 && !(difference <= limit)) firstBeyond = k;
    if (Number.isNaN(difference)) return { largest: Number.NaN, at: k, firstBeyond };
    if (difference > largest) [largest, at] = [difference, k];
  }
  return { largest, at, firstBeyond };
}

function spikeShift(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, sample, k) => Math.max(most, Math.abs(sample - (b[k] as number))), 0);
}

/** Sample of the first spike of either trace that has no partner within `allowed` samples. */
function firstShifted(a: readonly number[], b: readonly number[], allowed: number): number {
  for (let k = 0; k < Math.max(a.length, b.length); k++) {
    const [x, y] = [a[k] ?? Number.POSITIVE_INFINITY, b[k] ?? Number.POSITIVE_INFINITY];
    if (!(Math.abs(x - y) <= allowed)) return Math.min(x, y);
  }
  return -1;
}
