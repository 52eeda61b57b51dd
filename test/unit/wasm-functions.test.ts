/** Vector functions against exact values, and against src/libm to the bit where nothing is fused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { probeFeatures } from '../../src/kernel/wasm/codegen/index.ts';
import { clampedExp, exp, expm1, log, pow } from '../../src/kernel/wasm/functions/index.ts';
import { exp as scalarExp, log as scalarLog, pow as scalarPow } from '../../src/libm/index.ts';
import { type Exact, errorInUlps, exactExp, exactExpm1, exactLog, exactPow } from '../fixtures/exact-math.ts';
import { runVectors, type VectorFunction } from '../fixtures/vector-code.ts';

const { POSITIVE_INFINITY: INF, NaN: NAN, MIN_VALUE, MAX_VALUE, EPSILON } = Number;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** Measured: exp 0.50, log 0.51, pow 0.50, expm1 0.96. */
const BOUND = 1;
const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, INF, -INF, NAN, MIN_VALUE, -MIN_VALUE, MAX_VALUE, -MAX_VALUE];

const uniform = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
const any = fc.oneof(fc.double(), fc.constantFrom(...SPECIAL));

/** Many numbers at a time, since each call compiles a module; the same in every run. */
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 12 });

const roundings = [
  { name: 'rounded twice', fused: false },
  ...(probeFeatures().relaxedMadd ? [{ name: 'fused where the machine can', fused: true }] : []),
];

function worstError(
  make: VectorFunction,
  inputs: readonly (readonly number[])[],
  exact: readonly Exact[],
  fused: boolean,
) {
  const results = runVectors(make, inputs, { fused });
  let worst = 0;
  for (const [k, truth] of exact.entries()) {
    worst = Math.max(worst, Math.abs(errorInUlps(results[k] as number, truth)));
  }
  return worst;
}

/** The same bits, NaNs being all alike. */
function expectSame(
  results: ArrayLike<number>,
  inputs: readonly (readonly number[])[],
  scalar: (...x: number[]) => number,
) {
  const different = Array.from(results).flatMap((result, k) => {
    const given = inputs.map((input) => input[k] as number);
    const expected = scalar(...given);
    return Object.is(result, expected) ? [] : [{ given, result, expected }];
  });
  expect(different).toEqual([]);
}

const exponents = sample(
  fc.oneof(uniform(-745, 709.78), uniform(-30, 30), uniform(-1e-3, 1e-3), uniform(-745, -708), uniform(500, 709.78)),
  4000,
);
const wholeLine = [
  ...exponents,
  ...sample(any, 2000),
  ...sample(uniform(-800, 800), 1000),
  ...SPECIAL,
  709.79,
  -746,
  1e300,
];

describe('exp', () => {
  test('has the bits of libm, whole range', () => {
    expectSame(runVectors(exp, [wholeLine]), [wholeLine], scalarExp);
  });

  test('has the bits of libm between -700 and 700, and keeps to the limits beyond', () => {
    const given = [...wholeLine, -700, 700, -700.0000000000001, 700.0000000000001];
    expectSame(runVectors(clampedExp, [given]), [given], (x) => (x < -700 ? 0 : scalarExp(Math.min(x, 700))));
  });

  test.each(roundings)('is within 1 ulp of the exact value, subnormal results too, $name', ({ fused }) => {
    expect(worstError(exp, [exponents], exponents.map(exactExp), fused)).toBeLessThanOrEqual(BOUND);
    const inside = exponents.filter((x) => Math.abs(x) <= 700);
    expect(worstError(clampedExp, [inside], inside.map(exactExp), fused)).toBeLessThanOrEqual(BOUND);
  });
});

describe('expm1', () => {
  const given = sample(
    fc.oneof(
      uniform(-700, 700),
      uniform(-40, 40),
      uniform(-1, 1),
      uniform(-0.01, 0.01),
      uniform(-1e-8, 1e-8),
      uniform(-1e-300, 1e-300),
    ),
    8000,
  ).filter((x) => x !== 0);

  test.each(roundings)('is within 1 ulp of the exact value, $name', ({ fused }) => {
    expect(worstError(expm1, [given], given.map(exactExpm1), fused)).toBeLessThanOrEqual(BOUND);
  });

  test.each(roundings)('has exp(700) - 1 and -1 for limits, $name', ({ fused }) => {
    const limits = [0, -0, 700, 701, INF, -700, -701, -MAX_VALUE, -INF, NAN];
    const results = [...runVectors(expm1, [limits], { fused })];
    const highest = results[2] as number;
    expect(Math.abs(errorInUlps(highest, exactExpm1(700)))).toBeLessThanOrEqual(BOUND);
    expect(results).toEqual([0, 0, highest, highest, highest, -1, -1, -1, -1, NAN]);
  });
});

describe('log', () => {
  const positive = sample(
    fc.oneof(
      uniform(MIN_VALUE, MAX_VALUE),
      uniform(0.9, 1.1),
      uniform(1 - 1e-9, 1 + 1e-9),
      uniform(MIN_VALUE, 1e-308),
      uniform(0.01, 100),
    ),
    4000,
  ).filter((x) => x !== 1);

  test('has the bits of libm, whole range', () => {
    const edges = [0.9375, 1.064697265625, 1.0646972656249998, 0.9374999999999999, 1 + EPSILON, 1 - EPSILON / 2];
    const given = [...positive, ...sample(any, 2000), ...SPECIAL, SMALLEST_NORMAL, ...edges];
    expectSame(runVectors(log, [given]), [given], scalarLog);
  });

  test.each(roundings)(
    'is within 1 ulp of the exact value, near 1 and for subnormal numbers too, $name',
    ({ fused }) => {
      expect(worstError(log, [positive], positive.map(exactLog), fused)).toBeLessThanOrEqual(BOUND);
    },
  );
});

describe('pow', () => {
  const pairs = sample(
    fc.oneof(
      fc.tuple(uniform(0.01, 100), uniform(-100, 100)),
      fc.tuple(uniform(0.999, 1.001), uniform(-1e5, 1e5)),
      fc.tuple(uniform(MIN_VALUE, 1e-300), uniform(-1, 1)),
      fc.tuple(uniform(1e-3, 1e3), fc.constantFrom(2, 3, 4, -1, 0.5, -0.5)),
    ),
    4000,
  );

  test('has the bits of libm, whole range and every special case', () => {
    const crossed = SPECIAL.flatMap((x) => SPECIAL.map((y): [number, number] => [x, y]));
    const whole = sample(fc.tuple(uniform(-100, 100), fc.integer({ min: -200, max: 200 })), 1000);
    const huge = sample(fc.tuple(uniform(0.9, 1.1), fc.oneof(uniform(-1e20, 1e20), uniform(-1e-19, 1e-19))), 1000);
    const low = sample(fc.tuple(uniform(1e-6, 1e-5), uniform(61, 65)), 500);
    const given = [...pairs, ...crossed, ...whole, ...huge, ...low, ...sample(fc.tuple(any, any), 3000)];
    const columns = [given.map(([x]) => x), given.map(([, y]) => y)];
    expectSame(runVectors(pow, columns), columns, (x, y) => scalarPow(x as number, y as number));
  });

  test.each(roundings)('is within 1 ulp of the exact value where the result is a normal number, $name', ({ fused }) => {
    const given = pairs.filter(([x, y]) => {
      const result = scalarPow(x, y);
      return result > 2.3e-308 && result < 1.7e308 && y !== 0 && x !== 1;
    });
    const columns = [given.map(([x]) => x), given.map(([, y]) => y)];
    const exact = given.map(([x, y]) => exactPow(x, y));
    expect(worstError(pow, columns, exact, fused)).toBeLessThanOrEqual(BOUND);
  });
});
