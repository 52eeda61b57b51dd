/** Two traces drawn in text, for a terminal. */
import type { Trace } from './traces.ts';

const WIDTH = 64;
const HEIGHT = 12;
/** How much is drawn before and after the place of interest (ms). */
const BEFORE_MS = 10;
const AFTER_MS = 20;
/** Voltages are drawn over this much at least (mV), so that rounding does not look like a mountain. */
const LEAST_MV = 1;
/** Traces closer than this part of the drawing's height cannot be told apart in it. */
const VISIBLE = 0.5;

/** A sketch of two traces: `·` expected, `o` received, `@` both. */
export function sketch(
  received: ArrayLike<number>,
  expected: ArrayLike<number>,
  width = WIDTH,
  height = HEIGHT,
): string {
  const ranges = [columns(expected, width), columns(received, width)] as const;
  return draw(ranges, ['·', 'o'], height, LEAST_MV);
}

/**
 * Both traces around a time, with a pointer to it; where they lie too close to be told apart, their difference as well.
 * @param atMs the place of interest (ms)
 * @param startMs time of the first sample (ms)
 */
export function sketchAround(received: Trace, expected: Trace, atMs: number, startMs = 0): string {
  const { dtMs } = expected;
  const at = Math.round((atMs - startMs) / dtMs);
  const from = Math.max(0, at - Math.round(BEFORE_MS / dtMs));
  const until = Math.min(Math.max(received.mv.length, expected.mv.length), at + Math.round(AFTER_MS / dtMs) + 1);
  const a = Array.from({ length: until - from }, (_, k) => received.mv[from + k] ?? Number.NaN);
  const b = Array.from({ length: until - from }, (_, k) => expected.mv[from + k] ?? Number.NaN);
  const axis = axisBelow(startMs + from * dtMs, startMs + (until - 1) * dtMs, (at - from) / (until - from));
  const parts = [sketch(a, b), axis, `${' '.repeat(11)}· expected   o received   @ both`];
  const gap = a.map((mv, k) => mv - (b[k] as number));
  const finite = [...a, ...b].filter(Number.isFinite);
  const range = Math.max(LEAST_MV, Math.max(...finite) - Math.min(...finite));
  const largest = Math.max(...gap.map(Math.abs).filter(Number.isFinite));
  if (largest > 0 && largest < (VISIBLE * range) / HEIGHT) {
    parts.push('', `${' '.repeat(11)}received - expected (mV)`, draw([columns(gap, WIDTH)], ['*'], 7), axis);
  }
  return parts.join('\n');
}

/** A pointer to the place, and the times of the two ends. */
function axisBelow(fromMs: number, untilMs: number, where: number): string {
  const time = (ms: number) => `${Number(ms.toPrecision(9))}`;
  const pointer = `${' '.repeat(Math.min(WIDTH - 1, Math.floor(where * WIDTH)))}^`.padEnd(WIDTH);
  const [left, right] = [time(fromMs), `${time(untilMs)} ms`];
  return `${`${' '.repeat(11)}${pointer}`.trimEnd()}\n${' '.repeat(11)}${left}${right.padStart(WIDTH - left.length)}`;
}

type Range = readonly [low: number, high: number];

/** Lines of a drawing, each trace with its mark; where a later one covers an earlier one, `@`. */
function draw(traces: readonly (readonly Range[])[], marks: readonly string[], height: number, leastRange = 0): string {
  const values = traces.flat(2).filter(Number.isFinite);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(0, leastRange - (highest - lowest)) / 2;
  const low = lowest - margin;
  const high = highest + margin;
  const row = (mv: number) => Math.round(((high - mv) / (high - low || 1)) * (height - 1));
  const width = traces[0]?.length ?? 0;
  const grid = Array.from({ length: height }, () => Array.from({ length: width }, () => ' '));
  for (const [which, trace] of traces.entries()) {
    for (const [x, [min, max]] of trace.entries()) {
      if (!Number.isFinite(min) || !Number.isFinite(max)) continue;
      for (let y = row(max); y <= row(min); y++) {
        const line = grid[y];
        if (line !== undefined) line[x] = which > 0 && line[x] !== ' ' ? '@' : (marks[which] ?? '*');
      }
    }
  }
  const label = (mv: number) => `${shortNumber(mv).padStart(9)} ┤`;
  const lead = (y: number) => (y === 0 ? label(high) : y === height - 1 ? label(low) : `${' '.repeat(10)}│`);
  return grid.map((line, y) => `${lead(y)}${line.join('').trimEnd()}`).join('\n');
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 0.01 || size >= 1e5) ? value.toExponential(2) : value.toFixed(2);
}

/** Lowest and highest sample of each column. */
function columns(trace: ArrayLike<number>, width: number): Range[] {
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
