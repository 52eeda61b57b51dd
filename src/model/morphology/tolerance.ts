/**
 * Comparisons as NEURON's interpreter makes them: numbers nearer than 1e-11 count as equal. The import is written in that
 * language, so that these decide which points are kept.
 */
const EPSILON = 1e-11;

export function equal(a: number, b: number): boolean {
  return a <= b + EPSILON && a >= b - EPSILON;
}

export function less(a: number, b: number): boolean {
  return a < b - EPSILON;
}

export function atMost(a: number, b: number): boolean {
  return a <= b + EPSILON;
}

export function greater(a: number, b: number): boolean {
  return a > b + EPSILON;
}
