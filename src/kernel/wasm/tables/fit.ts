/** Cubic polynomials, one for each interval of the potential, and how far they are from what they stand for. */

import type { Relaxation } from './relaxation.ts';
import { createSampler } from './sample.ts';

/** Potentials that a table covers, in intervals of equal width. */
export interface Grid {
  /** mV. Whole numbers, so that rates that change at whole numbers of mV do so between intervals. */
  readonly low: number;
  readonly high: number;
  /** Width (mV). */
  readonly width: number;
}

export const COEFFICIENTS = 4;

export function intervalsOf({ low, high, width }: Grid): number {
  return Math.round((high - low) / width);
}

/** Of one state: x + a - w·x after a step. By interval, coefficients from the lowest power of u, -½ ≤ u ≤ ½ in it. */
export interface Update {
  readonly a: Float64Array;
  readonly w: Float64Array;
  /** Largest relative error of both, at places where an interpolating cubic is worst. */
  readonly error: number;
}

/** Chebyshev's points of an interval, where the cubic is equal to the function, and points between and beyond them. */
const POINTS = [1, 3, 5, 7].map((k) => -0.5 * Math.cos((k * Math.PI) / 8));
const CHECKS = [-0.4993, -0.3531, -0.0017, 0.3541, 0.4987];
const PLACES = [...POINTS, ...CHECKS];
const EACH = PLACES.length;
const FROM_POINTS = inverseOfPowers(POINTS);

/** Of w: where a state's steady value is smaller than this, an error relative to this counts. */
const SMALLEST = 1e-6;

export function fitUpdate({ graph, value, v, uniforms }: Relaxation, grid: Grid): Update {
  const intervals = intervalsOf(grid);
  const potentials = new Float64Array(intervals * EACH);
  for (let k = 0; k < intervals; k++) {
    for (let j = 0; j < EACH; j++) potentials[k * EACH + j] = grid.low + (k + 0.5 + (PLACES[j] as number)) * grid.width;
  }
  const sampling = { potentials, v, uniforms };
  const a = createSampler(graph, sampling, 0)(value);
  const moved = createSampler(graph, sampling, 1)(value);
  const w = a.map((start, k) => 1 - (moved[k] as number) + start);
  const least = w.map((one) => SMALLEST * Math.abs(one));
  const fits = { a: fitSamples(a), w: fitSamples(w) };
  return { ...fits, error: Math.max(errorOf(fits.a, a, least), errorOf(fits.w, w, least)) };
}

function fitSamples(samples: Float64Array): Float64Array {
  const intervals = samples.length / EACH;
  const fit = new Float64Array(intervals * COEFFICIENTS);
  for (let k = 0; k < intervals; k++) {
    for (let power = 0; power < COEFFICIENTS; power++) {
      const row = FROM_POINTS[power] as readonly number[];
      let sum = 0;
      for (let j = 0; j < COEFFICIENTS; j++) sum += (row[j] as number) * (samples[k * EACH + j] as number);
      fit[k * COEFFICIENTS + power] = sum;
    }
  }
  return fit;
}

/** Largest error relative to the samples, or to what they are at least taken to be; infinite where one is no number. */
function errorOf(fit: Float64Array, samples: Float64Array, least: Float64Array): number {
  let worst = 0;
  for (let k = 0; k < samples.length / EACH; k++) {
    for (let j = 0; j < CHECKS.length; j++) {
      const at = k * EACH + POINTS.length + j;
      const exact = samples[at] as number;
      const scale = Math.max(Math.abs(exact), least[at] as number, Number.MIN_VALUE);
      const error = Math.abs(cubic(fit, k, CHECKS[j] as number) - exact) / scale;
      if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    }
  }
  return worst;
}

function cubic(fit: Float64Array, interval: number, u: number): number {
  let sum = 0;
  for (let power = COEFFICIENTS - 1; power >= 0; power--)
    sum = sum * u + (fit[interval * COEFFICIENTS + power] as number);
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
