/** LU factorization by Crout's algorithm with implicitly scaled partial pivoting, in NEURON's order of operations. */

/** A pivot smaller than this counts as 0. */
const LEAST_PIVOT = 1e-20;

/**
 * Factors the row-major n×n `a` in place: a lower triangle, and an upper one whose diagonal is 1. `rows[r]` becomes the row
 * that serves as the r-th; `scale` is memory for n numbers. Returns false where the matrix is singular.
 */
export function factor(n: number, a: Float64Array, rows: Int32Array, scale: Float64Array): boolean {
  findLargestOfRows(n, a, scale);
  for (let i = 0; i < n; i++) rows[i] = i;
  let taken = 0;
  for (let r = 0; r < n; r++) {
    for (let i = r; i < n; i++) {
      const row = at(rows, i);
      let sum = 0;
      for (let k = 0; k < r; k++) sum += at(a, row * n + k) * at(a, at(rows, k) * n + r);
      a[row * n + r] = at(a, row * n + r) - sum;
    }
    let pivot = at(rows, r);
    let best = Math.abs(at(a, pivot * n + r) / at(scale, pivot));
    for (let i = r + 1; i < n; i++) {
      const row = at(rows, i);
      const size = Math.abs(at(a, row * n + r) / at(scale, row));
      if (size > best) {
        pivot = row;
        taken = i;
        best = size;
      }
    }
    if (pivot !== at(rows, r)) {
      rows[taken] = at(rows, r);
      rows[r] = pivot;
    }
    const diagonal = at(a, pivot * n + r);
    if (Math.abs(diagonal) < LEAST_PIVOT) return false;
    for (let j = r + 1; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < r; k++) sum += at(a, pivot * n + k) * at(a, at(rows, k) * n + j);
      a[pivot * n + j] = (at(a, pivot * n + j) - sum) / diagonal;
    }
  }
  return true;
}

/** Each row's element of the greatest absolute value, with its sign. */
function findLargestOfRows(n: number, a: Float64Array, scale: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let k = 0;
    for (let j = 1; j < n; j++) if (Math.abs(at(a, i * n + j)) > Math.abs(at(a, i * n + k))) k = j;
    scale[i] = at(a, i * n + k);
  }
}

/** Solves a·x = b with the factors of `factor`, into `x`. */
export function substitute(n: number, a: Float64Array, b: Float64Array, rows: Int32Array, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = at(rows, i);
    let sum = 0;
    for (let j = 0; j < i; j++) sum += at(a, row * n + j) * at(x, j);
    x[i] = (at(b, row) - sum) / at(a, row * n + i);
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = at(rows, i);
    let sum = 0;
    for (let j = i + 1; j < n; j++) sum += at(a, row * n + j) * at(x, j);
    x[i] = at(x, i) - sum;
  }
}

function at(array: Float64Array | Int32Array, k: number): number {
  return array[k] as number;
}
