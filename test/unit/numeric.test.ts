/** The run-time solvers against exact rational elimination, closed forms, and a plain model of the order of elimination. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type EliminationOrder,
  eliminationOrder,
  linear,
  newton,
  OUTCOME,
  sparse,
  type Unknowns,
} from '../../src/kernel/numeric/index.ts';

const unknownsIn = (x: Float64Array): Unknowns => ({
  get: (k) => x[k] as number,
  set: (k, value) => {
    x[k] = value;
  },
});

/** The solution of an integer system by Cramer's rule, exact until the last division; null where it is singular. */
function exactSolution(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const whole = determinant(matrix.map((row) => row.map(BigInt)));
  if (whole === 0n) return null;
  return right.map((_, column) => {
    const replaced = matrix.map((row, i) => row.map((a, j) => BigInt(j === column ? (right[i] as number) : a)));
    return ratio(determinant(replaced), whole);
  });
}

function determinant(matrix: bigint[][]): bigint {
  const [first] = matrix;
  if (first === undefined) return 1n;
  return first.reduce((sum, a, column) => {
    if (a === 0n) return sum;
    const minor = matrix.slice(1).map((row) => row.filter((_, j) => j !== column));
    return sum + (column % 2 === 0 ? a : -a) * determinant(minor);
  }, 0n);
}

function ratio(a: bigint, b: bigint): number {
  const scale = 10n ** 30n;
  return Number((a * scale) / b) / 1e30;
}

/** Sparse integer systems whose diagonal outweighs its row. */
const dominantSystems = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    entries: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), fc.integer({ min: -9, max: 9 })), { maxLength: 3 * n }),
    right: fc.array(fc.integer({ min: -99, max: 99 }), { minLength: n, maxLength: n }),
  }),
);

function dense(n: number, entries: readonly (readonly [number, number, number])[]): number[][] {
  const matrix = Array.from({ length: n }, () => Array<number>(n).fill(0));
  for (const [row, column, value] of entries) if (row !== column) (matrix[row] as number[])[column] = value;
  for (const [i, row] of matrix.entries()) row[i] = 1 + row.reduce((sum, a) => sum + Math.abs(a), 0);
  return matrix;
}

describe('sparse', () => {
  test('adds the exact solution to the unknowns', () => {
    fc.assert(
      fc.property(dominantSystems, ({ n, entries, right }) => {
        const rows = dense(n, entries);
        const expected = exactSolution(rows, right) as number[];
        const x = new Float64Array(n).fill(2);
        const matrix = new Float64Array(n * n).fill(77);
        const residual = new Float64Array(n);
        const order = eliminationOrder(
          n,
          entries.map(([row, column]) => [row, column] as const),
        );
        const fill = (): void => {
          for (let i = 0; i < n; i++) {
            residual[i] = right[i] as number;
            for (let j = 0; j < n; j++) matrix[i * n + j] = (matrix[i * n + j] as number) + (rows[i]?.[j] as number);
          }
        };
        expect(sparse(unknownsIn(x), fill, matrix, residual, order, true)).toBe(OUTCOME.solved);
        for (const [i, value] of expected.entries()) expect(x[i]).toBeCloseTo(2 + value, 10);
      }),
    );
  });

  test('iterates equations that are not linear: an implicit step of 2 a -> b has a closed form', () => {
    const dt = 0.5;
    const rate = 3;
    const [old, x] = [Float64Array.of(1, 0.25), Float64Array.of(1, 0.25)];
    const matrix = new Float64Array(4);
    const residual = new Float64Array(2);
    const fill = (): void => {
      const [a, b] = x as unknown as [number, number];
      const flux = rate * a * a;
      residual[0] = (old[0] as number) / dt - a / dt - 2 * flux;
      residual[1] = (old[1] as number) / dt - b / dt + flux;
      matrix.set([1 / dt + 4 * rate * a, 0, -2 * rate * a, 1 / dt]);
    };
    const order = eliminationOrder(2, [[1, 0]]);
    expect(sparse(unknownsIn(x), fill, matrix, residual, order, false)).toBe(OUTCOME.solved);
    // a + 2·dt·rate·a² = 1
    const a = (-1 + Math.sqrt(1 + 8 * dt * rate)) / (4 * dt * rate);
    expect(x[0]).toBeCloseTo(a, 12);
    expect(x[1]).toBeCloseTo(0.25 + (1 - a) / 2, 12);
  });

  test('sets negative unknowns to 0 in equations that are not linear, and only there', () => {
    const run = (isLinear: boolean): number => {
      const x = Float64Array.of(0.1);
      const matrix = new Float64Array(1);
      const residual = new Float64Array(1);
      // one step of a constant drain; from the second on it is done
      let rest = -0.5;
      const fill = (): void => {
        matrix[0] = 1;
        residual[0] = rest;
        rest = 0;
      };
      sparse(unknownsIn(x), fill, matrix, residual, eliminationOrder(1, []), isLinear);
      return x[0] as number;
    };
    expect(run(false)).toBe(0);
    expect(run(true)).toBe(0.1 - 0.5);
  });

  test('says so where the matrix is singular, or the iteration does not end', () => {
    const matrix = new Float64Array(1);
    const residual = new Float64Array(1);
    const order = eliminationOrder(1, []);
    const x = unknownsIn(new Float64Array(1));
    expect(sparse(x, () => {}, matrix, residual, order, true)).toBe(OUTCOME.singular);
    const restless = (): void => {
      matrix[0] = 1;
      residual[0] = 1;
    };
    expect(sparse(x, restless, matrix, residual, order, false)).toBe(OUTCOME.tooManyIterations);
  });
});

describe('eliminationOrder', () => {
  /** Rows as sets; after each pivot, its column is gone and the rows below have all of its columns. */
  function follow(n: number, pattern: readonly (readonly [number, number])[], order: EliminationOrder): void {
    const rows = Array.from({ length: n }, (_, i) => new Set([i]));
    for (const [row, column] of pattern) rows[row]?.add(column);
    const left = new Set(rows.keys());
    for (const [k, pivot] of order.pivots.entries()) {
      const sizes = [...left].map((row) => rows[row]?.size ?? 0);
      expect(rows[pivot]?.size).toBe(Math.min(...sizes));
      left.delete(pivot);
      const below = [...left].filter((row) => rows[row]?.has(pivot));
      const right = [...(rows[pivot] as Set<number>)].filter((column) => column !== pivot);
      expect(new Set(order.below[k])).toEqual(new Set(below));
      expect(new Set(order.right[k])).toEqual(new Set(right));
      for (const row of below) {
        rows[row]?.delete(pivot);
        for (const column of right) rows[row]?.add(column);
      }
    }
    expect(left.size).toBe(0);
  }

  test('takes a row with the fewest elements each time, and knows every element that arises on the way', () => {
    const patterns = fc
      .integer({ min: 1, max: 12 })
      .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 40 })));
    fc.assert(fc.property(patterns, ([n, pattern]) => follow(n, pattern, eliminationOrder(n, pattern))));
  });

  test('the last of equals comes first: unconnected states are eliminated from the last to the first', () => {
    expect([...eliminationOrder(4, []).pivots]).toEqual([3, 2, 1, 0]);
  });
});

describe('linear', () => {
  test('solves what Cramer’s rule solves, needing pivots or not', () => {
    const systems = fc.integer({ min: 1, max: 5 }).chain((n) =>
      fc.record({
        rows: fc.array(fc.array(fc.integer({ min: -6, max: 6 }), { minLength: n, maxLength: n }), {
          minLength: n,
          maxLength: n,
        }),
        right: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n, maxLength: n }),
      }),
    );
    let solved = 0;
    fc.assert(
      fc.property(systems, ({ rows, right }) => {
        const n = rows.length;
        const expected = exactSolution(rows, right);
        if (expected === null) return;
        solved += 1;
        const x = new Float64Array(n);
        const matrix = new Float64Array(n * n).fill(5);
        const residual = new Float64Array(n).fill(5);
        const fill = (): void => {
          for (const [k, a] of rows.flat().entries()) matrix[k] = (matrix[k] as number) + a;
          for (const [k, b] of right.entries()) residual[k] = (residual[k] as number) + b;
        };
        expect(linear(n, unknownsIn(x), fill, matrix, residual)).toBe(OUTCOME.solved);
        for (const [i, value] of expected.entries()) expect(Math.abs((x[i] as number) - value)).toBeLessThan(1e-9);
      }),
    );
    expect(solved).toBeGreaterThan(20);
  });

  test('says so where the matrix is singular', () => {
    const matrix = new Float64Array(4);
    const fill = (): void => matrix.set([1, 2, 2, 4]);
    expect(linear(2, unknownsIn(new Float64Array(2)), fill, matrix, new Float64Array(2))).toBe(OUTCOME.singular);
  });
});

describe('newton', () => {
  test('finds roots that are known', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (p, q) => {
          const x = Float64Array.of(1.5 * p, 0.8 * q);
          const residual = new Float64Array(2);
          // x² = p² and x·y = p·q
          const fill = (): void => {
            residual[0] = (x[0] as number) ** 2 - p * p;
            residual[1] = (x[0] as number) * (x[1] as number) - p * q;
          };
          expect(newton(2, unknownsIn(x), fill, residual)).toBe(OUTCOME.solved);
          expect((x[0] as number) / p).toBeCloseTo(1, 6);
          expect((x[1] as number) / q).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  test('says so where there is no root, or nothing depends on an unknown', () => {
    const x = Float64Array.of(0.3);
    const residual = new Float64Array(1);
    const rootless = (): void => {
      residual[0] = (x[0] as number) ** 2 + 1;
    };
    expect(newton(1, unknownsIn(x), rootless, residual)).toBe(OUTCOME.tooManyIterations);
    const constant = (): void => {
      residual[0] = 1;
    };
    expect(newton(1, unknownsIn(x), constant, residual)).toBe(OUTCOME.singular);
  });
});
