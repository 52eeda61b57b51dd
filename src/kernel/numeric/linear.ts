/** Gaussian elimination with partial pivoting, in the order of operations of NEURON's LINEAR blocks. */
import { OUTCOME, type Unknowns } from './unknowns.ts';

/** A pivot smaller than this counts as 0. */
const LEAST_PIVOT = 1e-20;

/**
 * Clears `matrix` (row-major, n×n) and `residual`, lets `fill` write them, and sets the unknowns to the solution of
 * matrix·x = residual; both are overwritten on the way. Returns one of OUTCOME.
 */
export function linear(
  n: number,
  unknowns: Unknowns,
  fill: () => void,
  matrix: Float64Array,
  residual: Float64Array,
): number {
  matrix.fill(0, 0, n * n);
  residual.fill(0, 0, n);
  fill();
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  let taken = 0;
  for (let j = 0; j < n; j++) {
    let pivot = at(rows, j);
    for (let i = j + 1; i < n; i++) {
      const row = at(rows, i);
      if (Math.abs(at(matrix, pivot * n + j)) < Math.abs(at(matrix, row * n + j))) {
        pivot = row;
        taken = i;
      }
    }
    const diagonal = at(matrix, pivot * n + j);
    if (Math.abs(diagonal) < LEAST_PIVOT) return OUTCOME.singular;
    if (pivot !== at(rows, j)) {
      rows[taken] = at(rows, j);
      rows[j] = pivot;
    }
    for (let k = j + 1; k < n; k++) matrix[pivot * n + k] = at(matrix, pivot * n + k) / diagonal;
    residual[pivot] = at(residual, pivot) / diagonal;
    for (let i = j + 1; i < n; i++) {
      const row = at(rows, i);
      const factor = at(matrix, row * n + j);
      for (let k = j + 1; k < n; k++) {
        matrix[row * n + k] = at(matrix, row * n + k) - at(matrix, pivot * n + k) * factor;
      }
      residual[row] = at(residual, row) - at(residual, pivot) * factor;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = at(rows, i);
    let x = at(residual, row);
    for (let j = i + 1; j < n; j++) x -= at(matrix, row * n + j) * unknowns.get(j);
    unknowns.set(i, x);
  }
  return OUTCOME.solved;
}

function at(array: Float64Array | Int32Array, k: number): number {
  return array[k] as number;
}
