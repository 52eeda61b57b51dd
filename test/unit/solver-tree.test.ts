import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { createPlayer } from '../../src/solver/played.ts';
import { assembleAxial, solveTree, type Tree } from '../../src/solver/tree.ts';

const positive = (max: number) => fc.double({ min: 1e-3, max, noNaN: true });

interface Problem {
  readonly tree: Tree;
  readonly v: Float64Array;
  readonly diagonal: Float64Array;
  readonly rhs: Float64Array;
}

/** A random tree, parents before children, with a matrix that is diagonally dominant as a cell's is. */
const problems = fc.integer({ min: 1, max: 40 }).chain((nodes) => {
  const column = (arbitrary: fc.Arbitrary<number>) => fc.array(arbitrary, { minLength: nodes, maxLength: nodes });
  return fc
    .record({
      parent: fc.tuple(...Array.from({ length: nodes }, (_, k) => fc.integer({ min: 0, max: Math.max(0, k - 1) }))),
      a: column(positive(100)),
      b: column(positive(100)),
      v: column(fc.double({ min: -100, max: 50, noNaN: true })),
      diagonal: column(positive(50)),
      rhs: column(fc.double({ min: -50, max: 50, noNaN: true })),
    })
    .map(({ parent, a, b, v, diagonal, rhs }): Problem => {
      const negative = (values: number[]) => Float64Array.from(values, (value, k) => (k === 0 ? 0 : -value));
      const rows = Int32Array.from(parent, (p, k) => (k === 0 ? -1 : p));
      return {
        tree: { nodes, parent: rows, a: negative(a), b: negative(b) },
        v: Float64Array.from(v),
        diagonal: Float64Array.from(diagonal),
        rhs: Float64Array.from(rhs),
      };
    });
});

/** Gaussian elimination with partial pivoting on the whole matrix. */
function solveDensely(matrix: number[][], rhs: ArrayLike<number>): number[] {
  const rows = matrix.map((row, k) => [...row, rhs[k] as number]);
  const at = (i: number, k: number) => rows[i]?.[k] as number;
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(i, k)) > Math.abs(at(pivot, k))) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    for (let i = k + 1; i < n; i++) {
      const factor = at(i, k) / at(k, k);
      for (let j = k; j <= n; j++) (rows[i] as number[])[j] = at(i, j) - factor * at(k, j);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(i, n);
    for (let j = i + 1; j < n; j++) sum -= at(i, j) * (x[j] as number);
    x[i] = sum / at(i, i);
  }
  return x;
}

/** The whole matrix of a problem: the axial part is a weighted Laplacian of the tree. */
function denseMatrix({ tree, diagonal }: Problem): number[][] {
  const matrix = Array.from({ length: tree.nodes }, (_, i) =>
    Array.from({ length: tree.nodes }, (_, j) => (i === j ? (diagonal[i] as number) : 0)),
  );
  const add = (i: number, j: number, value: number) => {
    const row = matrix[i] as number[];
    row[j] = (row[j] as number) + value;
  };
  for (let i = 1; i < tree.nodes; i++) {
    const p = tree.parent[i] as number;
    const [a, b] = [tree.a[i] as number, tree.b[i] as number];
    add(i, i, -b);
    add(i, p, b);
    add(p, p, -a);
    add(p, i, a);
  }
  return matrix;
}

test('on any tree the solution is that of a dense solve of the same matrix', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { tree, v, diagonal, rhs } = problem;
      const matrix = denseMatrix(problem);
      // The axial current of a row is minus the axial part of the matrix times the potentials.
      const expectedRhs = Array.from(rhs, (value, i) =>
        (matrix[i] as number[]).reduce((sum, entry, j) => {
          const axial = i === j ? entry - (diagonal[i] as number) : entry;
          return sum - axial * (v[j] as number);
        }, value),
      );
      const expected = solveDensely(matrix, expectedRhs);
      const [x, d] = [rhs.slice(), diagonal.slice()];
      assembleAxial(tree, v, x, d);
      solveTree(tree, x, d);
      const scale = Math.max(1, ...expected.map(Math.abs));
      for (const [i, value] of expected.entries()) {
        // The condition number of these matrices stays below 1e6.
        expect(Math.abs((x[i] as number) - value) / scale).toBeLessThan(1e-9);
      }
    }),
    { numRuns: 500 },
  );
});

const eventLists = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 20, noNaN: true }), fc.integer()))
  .map((events) => events.sort((a, b) => a[1] - b[1] || a[0] - b[0]))
  .map((events) => ({
    channel: Int32Array.from(events, ([channel]) => channel),
    time: Float64Array.from(events, ([, time]) => time),
    weight: Float64Array.from(events, ([, , weight]) => weight),
  }));

/** Ten channels, all of one mechanism with a single weight. */
const player = () =>
  createPlayer(
    Array.from({ length: 10 }, (_, instance) => ({ mechanism: 3, instance })),
    () => 1,
  );

test('a player delivers every event once, in order, when it is due and not before', () => {
  const limits = fc.array(fc.double({ min: 0, max: 25, noNaN: true })).map((times) => times.sort((a, b) => a - b));
  fc.assert(
    fc.property(eventLists, limits, (events, times) => {
      const delivered: [number, number][] = [];
      const playing = player();
      playing.start(events);
      for (const limit of times) {
        while (playing.next <= limit) {
          playing.deliver((mechanism, instance, weights) => {
            expect(mechanism).toBe(3);
            delivered.push([instance, weights[0] as number]);
          });
        }
        const due = Array.from(events.time).filter((time) => time <= limit).length;
        const expected = Array.from({ length: due }, (_, k) => [events.channel[k], events.weight[k]]);
        expect(delivered).toEqual(expected);
      }
    }),
  );
});

test.each([
  ['out of order', { channel: Int32Array.of(0, 1), time: Float64Array.of(2, 1) }, /comes after/],
  ['before 0', { channel: Int32Array.of(0), time: Float64Array.of(-1) }, /comes after/],
  ['at no time', { channel: Int32Array.of(0), time: Float64Array.of(Number.NaN) }, /comes after/],
  ['for no channel', { channel: Int32Array.of(10), time: Float64Array.of(1) }, /channel 10/],
  ['of uneven columns', { channel: Int32Array.of(0, 1), time: Float64Array.of(1) }, /differ in length/],
])('events %s are refused', (_, events, message) => {
  const start = () => player().start(events);
  expect(start).toThrow(message);
  expect(start).toThrow(expect.toSatisfy((error: unknown) => isTwincellError(error, 'Usage')));
});
