/** Elimination of the sparse equations of KINETIC blocks: the order follows from the pattern, once; the numbers follow it. */
import { OUTCOME, type Unknowns } from './unknowns.ts';

/** A pivot this small or smaller counts as 0. */
const LEAST_PIVOT = 1e-20;
/** Sum of the absolute changes of the unknowns at which the iteration of non-linear equations ends. */
const CONVERGED = 1e-6;
const ITERATIONS = 22;

/** How a pattern is eliminated, fill-in included. Rows and columns are numbers of unknowns. */
export interface EliminationOrder {
  readonly n: number;
  /** The row (and column) of each pivot, first to last. */
  readonly pivots: Int32Array;
  /** For each pivot, the later rows with an element in its column. */
  readonly below: readonly Int32Array[];
  /** For each pivot, the columns right of it with an element in its row, in order of elimination. */
  readonly right: readonly Int32Array[];
  /** Whether the equations were solved before; shared by all that `fill` them alike. Where absent, it does not matter. */
  readonly history?: { solved: boolean };
}

/**
 * The order in which NEURON eliminates: always a row with the fewest elements left; among equals the one that came to that
 * number last. `pattern` lists the (row, column) pairs that may differ from 0, from 0; the diagonal always does.
 */
export function eliminationOrder(
  n: number,
  pattern: Iterable<readonly [row: number, column: number]>,
): EliminationOrder {
  const rows = Array.from({ length: n }, (_, row) => new Set([row]));
  for (const [row, column] of pattern) rows[row]?.add(column);
  const queue = new FewestFirst();
  for (const [row, columns] of rows.entries()) queue.insert(row, columns.size);
  // Rows and columns share one order that changes as pivots are chosen: those not chosen keep theirs.
  const waiting = Array.from({ length: n }, (_, row) => row);
  const pivots = new Int32Array(n);
  const below: Int32Array[] = [];
  const right: number[][] = [];
  for (let k = 0; k < n; k++) {
    const pivot = queue.first();
    pivots[k] = pivot;
    waiting.splice(waiting.indexOf(pivot), 1);
    const ofPivot = rows[pivot] as Set<number>;
    const columns = waiting.filter((column) => ofPivot.has(column));
    const affected = waiting.filter((row) => rows[row]?.has(pivot));
    for (const row of affected) {
      const ofRow = rows[row] as Set<number>;
      for (const column of columns) {
        if (ofRow.has(column)) continue;
        ofRow.add(column);
        queue.change(row, 1);
      }
      queue.change(row, -1);
    }
    queue.remove(pivot);
    below.push(Int32Array.from(affected));
    right.push(columns);
  }
  const position = new Int32Array(n);
  for (const [k, pivot] of pivots.entries()) position[pivot] = k;
  const inOrder = (a: number, b: number): number => (position[a] as number) - (position[b] as number);
  return { n, pivots, below, right: right.map((columns) => Int32Array.from(columns.sort(inOrder))) };
}

/** Rows by their number of elements; a row goes before all that have as many. */
class FewestFirst {
  readonly #rows: number[] = [];
  readonly #counts = new Map<number, number>();

  insert(row: number, count: number): void {
    this.#counts.set(row, count);
    const place = this.#rows.findIndex((other) => (this.#counts.get(other) as number) >= count);
    this.#rows.splice(place < 0 ? this.#rows.length : place, 0, row);
  }

  remove(row: number): void {
    this.#rows.splice(this.#rows.indexOf(row), 1);
  }

  change(row: number, by: number): void {
    this.remove(row);
    this.insert(row, (this.#counts.get(row) as number) + by);
  }

  first(): number {
    return this.#rows[0] as number;
  }
}

/**
 * Adds to the unknowns the solution of matrix·x = residual, which `fill` writes: once where the equations are `linear`, else
 * until they settle, with negative unknowns set to 0. The very first time, NEURON runs the block twice more, to see which
 * elements it writes: what the block does besides shows it. `fill` finds `matrix` (row-major, n×n) cleared. Returns one of OUTCOME.
 */
export function sparse(
  unknowns: Unknowns,
  fill: () => void,
  matrix: Float64Array,
  residual: Float64Array,
  order: EliminationOrder,
  linear: boolean,
): number {
  const { n, history } = order;
  if (history?.solved === false) {
    history.solved = true;
    fill();
    fill();
  }
  for (let count = 0; ; count++) {
    matrix.fill(0, 0, n * n);
    fill();
    if (!eliminate(matrix, residual, order)) return OUTCOME.singular;
    let change = 0;
    for (let i = 0; i < n; i++) {
      const x = unknowns.get(i) + at(residual, i);
      unknowns.set(i, !linear && x < 0 ? 0 : x);
      change += Math.abs(at(residual, i));
    }
    if (count >= ITERATIONS - 1) return OUTCOME.tooManyIterations;
    if (linear || !(change > CONVERGED)) return OUTCOME.solved;
  }
}

/** Replaces `residual` by the solution; false where a pivot is too small. */
function eliminate(matrix: Float64Array, residual: Float64Array, order: EliminationOrder): boolean {
  const { n, pivots, below, right } = order;
  for (let k = 0; k < n; k++) {
    const pivot = at(pivots, k);
    const diagonal = at(matrix, pivot * n + pivot);
    if (Math.abs(diagonal) <= LEAST_PIVOT) return false;
    const columns = right[k] as Int32Array;
    for (const row of below[k] as Int32Array) {
      const factor = at(matrix, row * n + pivot) / diagonal;
      residual[row] = at(residual, row) - at(residual, pivot) * factor;
      for (const column of columns) {
        matrix[row * n + column] = at(matrix, row * n + column) - at(matrix, pivot * n + column) * factor;
      }
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    const pivot = at(pivots, k);
    let x = at(residual, pivot);
    for (const column of right[k] as Int32Array) x -= at(matrix, pivot * n + column) * at(residual, column);
    residual[pivot] = x / at(matrix, pivot * n + pivot);
  }
  return true;
}

function at(array: Float64Array | Int32Array, k: number): number {
  return array[k] as number;
}
