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

export interface TraceComparison {
  readonly matches: boolean;
  readonly maxAbsMv: number;
  /** Where the largest difference is. */
  readonly atMs: number;
  readonly receivedMv: number;
  readonly expectedMv: number;
  readonly spikes: readonly [received: number, expected: number];
  /** Infinite where the counts differ. */
  readonly spikeShiftMs: number;
  /** Why it does not match, in words; empty when it does. */
  readonly reasons: readonly string[];
}

/** Compares two traces of the same sampling; a NaN never matches. */
export function compareTraces(received: Trace, expected: Trace, tolerance: TraceTolerance): TraceComparison {
  const reasons: string[] = [];
  if (received.dtMs !== expected.dtMs)
    reasons.push(`sampled every ${received.dtMs} ms, expected every ${expected.dtMs} ms`);
  if (received.mv.length !== expected.mv.length) {
    reasons.push(`${received.mv.length} samples, expected ${expected.mv.length}`);
  }
  const { largest, at } = largestDifference(received.mv, expected.mv);
  const limit = tolerance.maxAbsMv ?? (tolerance.spikeShiftMs === undefined ? 0 : Number.POSITIVE_INFINITY);
  // Written so that a NaN fails.
  if (!(largest <= limit)) reasons.push(`differs by ${largest} mV at ${at * expected.dtMs} ms, allowed ${limit} mV`);
  const shift = spikeShift(spikePeaks(received.mv), spikePeaks(expected.mv)) * expected.dtMs;
  if (tolerance.spikeShiftMs !== undefined && !(shift <= tolerance.spikeShiftMs)) {
    reasons.push(`spikes shifted by ${shift} ms, allowed ${tolerance.spikeShiftMs} ms`);
  }
  return {
    matches: reasons.length === 0,
    maxAbsMv: largest,
    atMs: at * expected.dtMs,
    receivedMv: received.mv[at] ?? Number.NaN,
    expectedMv: expected.mv[at] ?? Number.NaN,
    spikes: [spikePeaks(received.mv).length, spikePeaks(expected.mv).length],
    spikeShiftMs: shift,
    reasons,
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): { largest: number; at: number } {
  let largest = 0;
  let at = 0;
  for (let k = 0; k < Math.min(a.length, b.length); k++) {
    const difference = Math.abs((a[k] as number) - (b[k] as number));
    if (Number.isNaN(difference)) return { largest: Number.NaN, at: k };
    if (difference > largest) [largest, at] = [difference, k];
  }
  return { largest, at };
}

function spikeShift(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, sample, k) => Math.max(most, Math.abs(sample - (b[k] as number))), 0);
}

/** A sketch of two traces in text, for a terminal: `·` expected, `o` received, `@` both. */
export function sketch(received: ArrayLike<number>, expected: ArrayLike<number>, width = 64, height = 12): string {
  const ranges = [received, expected].map((trace) => columns(trace, width));
  const values = ranges.flat().flat().filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const row = (mv: number) => Math.round(((high - mv) / (high - low || 1)) * (height - 1));
  const grid = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  for (const [which, mark] of [
    [1, '·'],
    [0, 'o'],
  ] as const) {
    for (const [x, [min, max]] of (ranges[which] ?? []).entries()) {
      if (!Number.isFinite(min) || !Number.isFinite(max)) continue;
      for (let y = row(max); y <= row(min); y++) {
        const line = grid[y];
        if (line !== undefined) line[x] = which === 0 && line[x] === '·' ? '@' : mark;
      }
    }
  }
  const label = (mv: number) => `${mv.toFixed(1).padStart(8)} ┤`;
  return grid
    .map(
      (line, y) => `${y === 0 ? label(high) : y === height - 1 ? label(low) : '         │'}${line.join('').trimEnd()}`,
    )
    .join('\n');
}

/** Lowest and highest sample of each column. */
function columns(trace: ArrayLike<number>, width: number): [number, number][] {
  return Array.from({ length: width }, (_, x) => {
    const from = Math.floor((x * trace.length) / width);
    const until = Math.max(from + 1, Math.floor(((x + 1) * trace.length) / width));
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = from; k < Math.min(until, trace.length); k++) {
      low = Math.min(low, trace[k] as number);
      high = Math.max(high, trace[k] as number);
    }
    return [low, high];
  });
}
