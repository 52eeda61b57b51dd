import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, log, pow } from '../../src/libm/index.ts';
import { type Exact, errorInUlps, exactExp, exactLog, exactPow } from '../fixtures/exact-math.ts';

/** The bounds that the authors of the algorithms give, without fused operations and in round to nearest. */
const BOUND = { exp: 0.512, log: 0.521, pow: 0.54 };

const RUNS = { numRuns: 3000 };

function expectWithin(result: number, exact: Exact, bound: number): void {
  expect(Math.abs(errorInUlps(result, exact))).toBeLessThanOrEqual(bound);
}

const uniform = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

test('exp is within 0.512 ulp of the exact value, normal and subnormal results alike', () => {
  const arguments_ = fc.oneof(uniform(-745, 709.78), uniform(-30, 30), uniform(-1e-3, 1e-3), uniform(-745, -708));
  fc.assert(
    fc.property(arguments_, (x) => expectWithin(exp(x), exactExp(x), BOUND.exp)),
    RUNS,
  );
});

test('log is within 0.521 ulp of the exact value, also close to 1 and for subnormal arguments', () => {
  const positive = fc.oneof(
    uniform(Number.MIN_VALUE, Number.MAX_VALUE),
    uniform(0.9, 1.1),
    uniform(1 - 1e-9, 1 + 1e-9),
    uniform(Number.MIN_VALUE, 1e-308),
    uniform(0.01, 100),
  );
  fc.assert(
    fc.property(positive, (x) => {
      if (x === 1) expect(log(x)).toBe(0);
      else expectWithin(log(x), exactLog(x), BOUND.log);
    }),
    RUNS,
  );
});

test('pow is within 0.54 ulp of the exact value where the result is a normal number', () => {
  const pairs = fc.oneof(
    fc.tuple(uniform(0.01, 100), uniform(-100, 100)),
    fc.tuple(uniform(0.999, 1.001), uniform(-1e5, 1e5)),
    fc.tuple(uniform(Number.MIN_VALUE, 1e-300), uniform(-1, 1)),
  );
  fc.assert(
    fc.property(pairs, ([x, y]) => {
      const result = pow(x, y);
      fc.pre(result > 2.3e-308 && result < 1.7e308 && y !== 0 && x !== 1);
      expectWithin(result, exactPow(x, y), BOUND.pow);
    }),
    RUNS,
  );
});

test('a negative base takes the sign of an odd power and has no other', () => {
  fc.assert(
    fc.property(uniform(0.1, 10), fc.integer({ min: -50, max: 50 }), (x, n) => {
      expect(pow(-x, n)).toBe(n % 2 === 0 ? pow(x, n) : -pow(x, n));
      expect(pow(-x, n + 0.5)).toBeNaN();
    }),
  );
});

const { POSITIVE_INFINITY: INF, NaN: NAN, MIN_VALUE, MAX_VALUE } = Number;

test.each([
  [0, 1],
  [-0, 1],
  [INF, INF],
  [-INF, 0],
  [NAN, NAN],
  [709.79, INF],
  [1e300, INF],
  [-746, 0],
  [-1e300, 0],
])('exp(%d) is %d, as C has it', (x, expected) => {
  expect(exp(x)).toBe(expected);
});

test.each([
  [0, -INF],
  [-0, -INF],
  [-1, NAN],
  [-INF, NAN],
  [INF, INF],
  [NAN, NAN],
  [1, 0],
])('log(%d) is %d, as C has it', (x, expected) => {
  expect(log(x)).toBe(expected);
});

// The cases of C's Annex F, F.10.4.4. Two of them are not JavaScript's: 1 to any power, and -1 to an infinite one, are 1.
test.each([
  [0, -3, INF],
  [-0, -3, -INF],
  [-0, -2, INF],
  [0, -INF, INF],
  [0, 3, 0],
  [-0, 3, -0],
  [-0, 2, 0],
  [-1, INF, 1],
  [-1, -INF, 1],
  [1, NAN, 1],
  [1, INF, 1],
  [NAN, 0, 1],
  [NAN, -0, 1],
  [NAN, 1, NAN],
  [2, NAN, NAN],
  [-2, 0.5, NAN],
  [0.5, -INF, INF],
  [2, -INF, 0],
  [0.5, INF, 0],
  [2, INF, INF],
  [-INF, -3, -0],
  [-INF, -2, 0],
  [-INF, 3, -INF],
  [-INF, 2, INF],
  [INF, -1, 0],
  [INF, 1, INF],
  [MAX_VALUE, 2, INF],
  [-MAX_VALUE, 3, -INF],
  [MIN_VALUE, 2, 0],
  [2, -1074, MIN_VALUE],
])('pow(%d, %d) is %d, as C has it', (x, y, expected) => {
  expect(pow(x, y)).toBe(expected);
});
