/** Polynomials of as low a degree as an error bound allows. */

/** Coefficients from the lowest power, and the largest error, relative to the function, that was found between the points of the fit. */
export interface Fit {
  readonly coefficients: readonly number[];
  readonly error: number;
}

const HIGHEST = 12;
const CHECKS = 64;

/** The lowest degree whose interpolation at Chebyshev points stays within `tolerance`, relatively; null where none does. */
export function fitPolynomial(f: (x: number) => number, low: number, high: number, tolerance: number): Fit | null {
  for (let degree = 1; degree <= HIGHEST; degree++) {
    const fit = interpolate(f, low, high, degree);
    if (fit.error <= tolerance) return fit;
  }
  return null;
}

function interpolate(f: (x: number) => number, low: number, high: number, degree: number): Fit {
  const middle = (low + high) / 2;
  const half = (high - low) / 2;
  const points = Array.from(
    { length: degree + 1 },
    (_, k) => middle + half * Math.cos((Math.PI * (2 * k + 1)) / (2 * degree + 2)),
  );
  const coefficients = fromDifferences(points, points.map(f));
  let error = 0;
  for (let k = 0; k <= CHECKS; k++) {
    // Away from 0, where the functions that are fitted have quotients of two zeros.
    const x = low + ((high - low) * (k + 0.37)) / (CHECKS + 1);
    const expected = f(x);
    error = Math.max(error, Math.abs(evaluate(coefficients, x) - expected) / Math.abs(expected));
  }
  return { coefficients, error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error };
}

/** Newton's form by divided differences, multiplied out. */
function fromDifferences(points: readonly number[], values: readonly number[]): number[] {
  const differences = [...values];
  const at = (list: readonly number[], k: number): number => list[k] as number;
  for (let order = 1; order < points.length; order++) {
    for (let k = points.length - 1; k >= order; k--) {
      differences[k] = (at(differences, k) - at(differences, k - 1)) / (at(points, k) - at(points, k - order));
    }
  }
  let coefficients: number[] = [];
  for (let k = points.length - 1; k >= 0; k--) {
    // (…)·(x - point) + difference
    const shifted = [0, ...coefficients];
    for (const [power, coefficient] of coefficients.entries()) {
      shifted[power] = at(shifted, power) - coefficient * at(points, k);
    }
    shifted[0] = at(shifted, 0) + at(differences, k);
    coefficients = shifted;
  }
  return coefficients;
}

export function evaluate(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}
