/** Newton's method with a Jacobian by central differences, as NEURON's derivimplicit and NONLINEAR use it. */
import { factor, substitute } from './crout.ts';
import { OUTCOME, type Unknowns } from './unknowns.ts';

/** A value this close to 0 counts as 0: residuals at the solution, unknowns whose relative change is asked. */
const CLOSE_TO_ZERO = 1e-8;
/** Relative change of the unknowns at which the iteration ends. */
const CONVERGED = 1e-6;
/** Relative change above which the Jacobian is made anew. */
const STALE = 0.05;
/** Relative and least increment of an unknown in the Jacobian's differences. */
const INCREMENT = 0.02;
const LEAST_INCREMENT = 1e-6;
const ITERATIONS = 50;

/**
 * Finds the unknowns at which `residual`, which `fill` writes from them, vanishes; starts from their present values and
 * leaves them at the last iterate. Returns one of OUTCOME.
 */
export function newton(n: number, unknowns: Unknowns, fill: () => void, residual: Float64Array): number {
  const memory = memoryFor(residual, n);
  const { jacobian, rows, step, scale } = memory;
  let change = 1;
  for (let count = 1; count <= ITERATIONS; count++) {
    if (change > STALE) {
      differentiate(n, unknowns, fill, residual, memory);
      for (let i = 0; i < n; i++) residual[i] = -at(residual, i);
      if (!factor(n, jacobian, rows, scale)) return OUTCOME.singular;
    }
    substitute(n, jacobian, residual, rows, step);
    change = 0;
    for (let i = 0; i < n; i++) {
      const x = unknowns.get(i);
      if (Math.abs(x) > CLOSE_TO_ZERO) {
        const relative = Math.abs(at(step, i) / x);
        if (relative > change) change = relative;
      }
      unknowns.set(i, x + at(step, i));
    }
    fill();
    let largest = 0;
    for (let i = 0; i < n; i++) {
      residual[i] = -at(residual, i);
      const size = Math.abs(at(residual, i));
      if (size > largest) largest = size;
    }
    if (change <= CONVERGED && largest <= CLOSE_TO_ZERO) return OUTCOME.solved;
  }
  return OUTCOME.tooManyIterations;
}

interface Memory {
  readonly jacobian: Float64Array;
  readonly high: Float64Array;
  readonly step: Float64Array;
  readonly scale: Float64Array;
  readonly rows: Int32Array;
}

/** Work arrays, kept for as long as the equations' own array lives: a run calls this at every step. */
const memories = new WeakMap<Float64Array, Memory>();

function memoryFor(residual: Float64Array, n: number): Memory {
  const kept = memories.get(residual);
  if (kept !== undefined) return kept;
  const [high, step, scale] = [0, 1, 2].map(() => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array];
  const memory = { jacobian: new Float64Array(n * n), high, step, scale, rows: new Int32Array(n) };
  memories.set(residual, memory);
  return memory;
}

/** Leaves the unknowns as they were but for rounding, and `residual` at them: NEURON steps back instead of restoring. */
function differentiate(
  n: number,
  unknowns: Unknowns,
  fill: () => void,
  residual: Float64Array,
  { jacobian, high }: Memory,
): void {
  for (let j = 0; j < n; j++) {
    const increment = cMax(Math.abs(INCREMENT * unknowns.get(j)), LEAST_INCREMENT);
    unknowns.set(j, unknowns.get(j) + increment);
    fill();
    for (let i = 0; i < n; i++) high[i] = at(residual, i);
    unknowns.set(j, unknowns.get(j) - 2 * increment);
    fill();
    for (let i = 0; i < n; i++) jacobian[i * n + j] = (at(high, i) - at(residual, i)) / (2 * increment);
    unknowns.set(j, unknowns.get(j) + increment);
    fill();
  }
}

/** C's fmax: the other operand where one is not a number. */
function cMax(a: number, b: number): number {
  return a > b || Number.isNaN(b) ? a : b;
}

function at(array: Float64Array, k: number): number {
  return array[k] as number;
}
