/** Cubic polynomials, one for each interval of a variable, and how far they are from what they stand for. */
import type { Tabulable } from './functions.ts';
import { type Grid, intervalsOf, pointOf } from './grid.ts';
import { createSampler } from './sample.ts';

export const COEFFICIENTS = 4;

/** x + a - w·x after a step, x being what a column held; w is 1 of what only depends on the variable. */
export interface Fitted {
  /** By interval, coefficients from the lowest power of u, -½ ≤ u ≤ ½ in it. */
  readonly a: Float64Array;
  /** A number where it is the same everywhere. */
  readonly w: Float64Array | number;
  /** Largest relative error of both, at places where an interpolating cubic is worst. */
  readonly error: number;
}

/**
 * Gauss's points of an interval, where the cubic is equal to the function: its error has no mean over the interval, and what
 * a potential on its way gathers of it is far less than of Chebyshev's, which is smaller at the ends. Then points between and
 * beyond them, where it is largest.
 */
const POINTS = [-0.4305681557970263, -0.16999052179242816, 0.16999052179242816, 0.4305681557970263];
const CHECKS = [-0.4993, -0.3273, -0.0017, 0.3281];
const PLACES = [...POINTS, ...CHECKS];
const EACH = PLACES.length;
const FROM_POINTS = inverseOfPowers(POINTS);

/** Of w: where a state's steady value is smaller than this, an error relative to this counts. */
const SMALLEST_STEADY = 1e-6;
/** Of the largest value: where a value is smaller than this, an error relative to this counts. */
const SMALLEST_VALUE = 1e-3;
/** w that varies by no more than its rounding is a number. */
const ROUNDING = 4e-16;

/** Intervals that are sampled together: few enough that what is computed of them stays in a cache. */
const TOGETHER = 128;

export function fitNumber(tabulable: Tabulable, uniforms: ArrayLike<number>, grid: Grid): Fitted {
  const { a, moved } = samplesOf(tabulable, uniforms, grid);
  const fitted = fitSamples(a);
  if (moved === null) {
    const least = SMALLEST_VALUE * a.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    return { a: fitted, w: 1, error: errorOf(fitted, a, () => least) };
  }
  const w = a.map((start, k) => 1 - ((moved[k] as number) - start));
  const error = errorOf(fitted, a, (k) => SMALLEST_STEADY * Math.abs(w[k] as number));
  const [first = Number.NaN] = w;
  if (w.every((one) => Math.abs(one - first) <= ROUNDING)) return { a: fitted, w: first, error };
  const fittedW = fitSamples(w);
  return {
    a: fitted,
    w: fittedW,
    error: Math.max(
      error,
      errorOf(fittedW, w, () => 0),
    ),
  };
}

/** The number at all points of all intervals where the state is 0, and, where there is one, where it is 1. */
function samplesOf({ graph, value, variable, moves }: Tabulable, uniforms: ArrayLike<number>, grid: Grid) {
  const intervals = intervalsOf(grid);
  const a = new Float64Array(intervals * EACH);
  const moved = moves ? new Float64Array(intervals * EACH) : null;
  // There are as many intervals as a power of 2.
  const together = Math.min(TOGETHER, intervals);
  const points = new Float64Array(together * EACH);
  const sampler = createSampler(graph, value, { count: points.length, variable, uniforms });
  for (let start = 0; start < intervals; start += together) {
    for (let k = 0; k < together; k++) {
      for (let j = 0; j < EACH; j++) points[k * EACH + j] = pointOf(grid, start + k, PLACES[j] as number);
    }
    a.set(sampler.at(points), start * EACH);
    moved?.set(sampler.moved(), start * EACH);
  }
  return { a, moved };
}

function fitSamples(samples: Float64Array): Float64Array {
  const intervals = samples.length / EACH;
  const coefficients = new Float64Array(intervals * COEFFICIENTS);
  for (let k = 0; k < intervals; k++) {
    for (let power = 0; power < COEFFICIENTS; power++) {
      const row = FROM_POINTS[power] as readonly number[];
      let sum = 0;
      for (let j = 0; j < COEFFICIENTS; j++) sum += (row[j] as number) * (samples[k * EACH + j] as number);
      coefficients[k * COEFFICIENTS + power] = sum;
    }
  }
  return coefficients;
}

/** Largest error relative to the samples, or to what they are at least taken to be; infinite where one is no number. */
function errorOf(coefficients: Float64Array, samples: Float64Array, least: (sample: number) => number): number {
  let worst = 0;
  for (let k = 0; k < samples.length / EACH; k++) {
    for (let j = 0; j < CHECKS.length; j++) {
      const at = k * EACH + POINTS.length + j;
      const exact = samples[at] as number;
      const scale = Math.max(Math.abs(exact), least(at), Number.MIN_VALUE);
      const error = Math.abs(cubic(coefficients, k, CHECKS[j] as number) - exact) / scale;
      if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    }
  }
  return worst;
}

function cubic(coefficients: Float64Array, interval: number, u: number): number {
  let sum = 0;
  for (let power = COEFFICIENTS - 1; power >= 0; power--) {
    sum = sum * u + (coefficients[interval * COEFFICIENTS + power] as number);
  }
  return sum;
}

/** The matrix that takes a cubic's values at four points to its coefficients. */
function inverseOfPowers(points: readonly number[]): number[][] {
  // Lagrange's polynomials, multiplied out: column j is the one that is 1 at point j.
  const columns = points.map((point, j) => {
    let polynomial = [1];
    for (const [k, other] of points.entries()) {
      if (k === j) continue;
      const next = new Array<number>(polynomial.length + 1).fill(0);
      for (const [power, coefficient] of polynomial.entries()) {
        next[power] = (next[power] as number) - (coefficient * other) / (point - other);
        next[power + 1] = (next[power + 1] as number) + coefficient / (point - other);
      }
      polynomial = next;
    }
    return polynomial;
  });
  return points.map((_, power) => columns.map((column) => column[power] as number));
}
