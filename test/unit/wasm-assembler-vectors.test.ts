/** Every vector instruction that the assembler knows, executed, lane by lane against what JavaScript computes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FunctionBody, ModuleBuilder, type ValueType } from '../../src/kernel/wasm/assembler/index.ts';
import {
  type VECTOR,
  type VECTOR_LANE,
  VECTOR_LANE_MEMORY,
  VECTOR_MEMORY,
} from '../../src/kernel/wasm/assembler/opcodes.ts';
import {
  bitsOf,
  build,
  doubles,
  memory,
  numberOf,
  someDoubles,
  someWords,
  unsigned,
  words,
} from '../fixtures/assembled.ts';

type Lane = (a: bigint, b: bigint, c: bigint) => bigint;
interface Vector {
  readonly arity: number;
  readonly lane: Lane;
  readonly given?: 'words' | 'doubles';
}

const ALL = (1n << 64n) - 1n;
const double = (bits: bigint): number => numberOf(BigInt.asIntN(64, bits));
const floats = (arity: number, js: (a: number, b: number, c: number) => number): Vector => ({
  arity,
  lane: (a, b, c) => unsigned(bitsOf(js(double(a), double(b), double(c)))),
});
const mask = (js: (a: number, b: number) => boolean): Vector => ({
  arity: 2,
  lane: (a, b) => (js(double(a), double(b)) ? ALL : 0n),
});
const whole = (arity: number, js: Lane): Vector => ({
  arity,
  given: 'words',
  lane: (a, b, c) => unsigned(js(a, b, c)),
});
const signed = (a: bigint): bigint => BigInt.asIntN(64, a);
const low = (a: bigint): bigint => BigInt.asUintN(32, a);

/** Ties to even. */
function nearest(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const down = Math.floor(x);
  const above = x - down;
  const up = above > 0.5 || (above === 0.5 && down % 2 !== 0) ? down + 1 : down;
  return up === 0 && (x < 0 || Object.is(x, -0)) ? -0 : up;
}

type Odd =
  | 'i32x4.splat'
  | 'i64x2.splat'
  | 'f64x2.splat'
  | 'v128.any_true'
  | 'i64x2.all_true'
  | 'i64x2.shl'
  | 'i64x2.shr_s'
  | 'i64x2.shr_u'
  | 'f64x2.convert_low_i32x4_s'
  | 'i32x4.trunc_sat_f64x2_s_zero'
  | 'f64x2.relaxed_madd'
  | 'f64x2.relaxed_nmadd';

const vector: Record<Exclude<keyof typeof VECTOR, Odd>, Vector> = {
  'f64x2.eq': mask((a, b) => a === b),
  'f64x2.ne': mask((a, b) => a !== b),
  'f64x2.lt': mask((a, b) => a < b),
  'f64x2.gt': mask((a, b) => a > b),
  'f64x2.le': mask((a, b) => a <= b),
  'f64x2.ge': mask((a, b) => a >= b),
  'v128.not': whole(1, (a) => ~a),
  'v128.and': whole(2, (a, b) => a & b),
  'v128.andnot': whole(2, (a, b) => a & ~b),
  'v128.or': whole(2, (a, b) => a | b),
  'v128.xor': whole(2, (a, b) => a ^ b),
  'v128.bitselect': whole(3, (a, b, c) => (a & c) | (b & ~c)),
  'f64x2.ceil': floats(1, Math.ceil),
  'f64x2.floor': floats(1, Math.floor),
  'f64x2.trunc': floats(1, Math.trunc),
  'f64x2.nearest': floats(1, nearest),
  'i32x4.add': whole(2, (a, b) => low(a + b) | (low((a >> 32n) + (b >> 32n)) << 32n)),
  'i64x2.add': whole(2, (a, b) => a + b),
  'i64x2.sub': whole(2, (a, b) => a - b),
  'i64x2.eq': whole(2, (a, b) => (a === b ? ALL : 0n)),
  'i64x2.lt_s': whole(2, (a, b) => (signed(a) < signed(b) ? ALL : 0n)),
  'i64x2.gt_s': whole(2, (a, b) => (signed(a) > signed(b) ? ALL : 0n)),
  'f64x2.abs': floats(1, Math.abs),
  'f64x2.neg': floats(1, (a) => -a),
  'f64x2.sqrt': floats(1, Math.sqrt),
  'f64x2.add': floats(2, (a, b) => a + b),
  'f64x2.sub': floats(2, (a, b) => a - b),
  'f64x2.mul': floats(2, (a, b) => a * b),
  'f64x2.div': floats(2, (a, b) => a / b),
  'f64x2.min': floats(2, (a, b) => Math.min(a, b)),
  'f64x2.max': floats(2, (a, b) => Math.max(a, b)),
  'f64x2.pmin': floats(2, (a, b) => (b < a ? b : a)),
  'f64x2.pmax': floats(2, (a, b) => (a < b ? b : a)),
};

/** Three vectors at 0, 16 and 32; the result goes to 48. */
const RESULT = 48;

function runVector(body: FunctionBody, arity: number, operate: () => void): void {
  body.i32(RESULT);
  for (let k = 0; k < arity; k++) {
    body.i32(16 * k);
    body.memory('v128.load');
  }
  operate();
  body.memory('v128.store');
}

const sixWords = fc.tuple(someWords, someWords, someWords, someWords, someWords, someWords);
const sixDoubles = fc.tuple(someDoubles, someDoubles, someDoubles, someDoubles, someDoubles, someDoubles);
const result = (): bigint[] => [...words.subarray(RESULT / 8, RESULT / 8 + 2)];

test.each(Object.entries(vector))('%s', (name, { arity, lane, given: kind }) => {
  const run = build((body) => runVector(body, arity, () => body.op(name as keyof typeof vector)));
  const inputs = kind === 'words' ? sixWords : sixDoubles.map((values) => values.map(bitsOf));
  fc.assert(
    fc.property(inputs, (values) => {
      words.set(values.map(unsigned));
      const [a0, a1, b0, b1, c0, c1] = values.map(unsigned) as [bigint, bigint, bigint, bigint, bigint, bigint];
      run();
      const expected = [lane(a0, b0, c0), lane(a1, b1, c1)];
      // Which NaN it is, nobody says.
      const same = (bits: bigint): bigint | string => (kind === undefined && Number.isNaN(double(bits)) ? 'NaN' : bits);
      const masks =
        name in { 'f64x2.eq': 0, 'f64x2.ne': 0, 'f64x2.lt': 0, 'f64x2.gt': 0, 'f64x2.le': 0, 'f64x2.ge': 0 };
      expect(masks ? result() : result().map(same)).toEqual(masks ? expected : expected.map(same));
    }),
  );
});

describe('vectors from and to other types', () => {
  const fromWords = (values: readonly bigint[]): void => words.set(values.map(unsigned));

  test.each(['i64x2.shl', 'i64x2.shr_s', 'i64x2.shr_u'] as const)('%s', (name) => {
    const js = {
      'i64x2.shl': (a: bigint, n: bigint) => a << n,
      'i64x2.shr_s': (a: bigint, n: bigint) => a >> n,
      'i64x2.shr_u': (a: bigint, n: bigint) => unsigned(a) >> n,
    }[name];
    const run = build(
      (body) =>
        runVector(body, 1, () => {
          body.get(0);
          body.op(name);
        }),
      ['i32'],
    );
    fc.assert(
      fc.property(someWords, someWords, fc.nat({ max: 63 }), (a, b, count) => {
        fromWords([a, b]);
        run(count);
        expect(result()).toEqual([a, b].map((value) => unsigned(js(value, BigInt(count)))));
      }),
    );
  });

  test('splats fill all lanes', () => {
    const splat = (name: Extract<Odd, `${string}.splat`>, type: ValueType) =>
      build(
        (body) => {
          body.i32(RESULT);
          body.get(0);
          body.op(name);
          body.memory('v128.store');
        },
        [type],
      );
    splat('i32x4.splat', 'i32')(-2);
    expect([...new Int32Array(memory.buffer, RESULT, 4)]).toEqual([-2, -2, -2, -2]);
    splat('i64x2.splat', 'i64')(-3n);
    expect(result()).toEqual([unsigned(-3n), unsigned(-3n)]);
    splat('f64x2.splat', 'f64')(0.1);
    expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual([0.1, 0.1]);
  });

  test('any_true and all_true', () => {
    const ask = (name: 'v128.any_true' | 'i64x2.all_true') =>
      build(
        (body) => {
          body.i32(0);
          body.memory('v128.load');
          body.op(name);
        },
        [],
        ['i32'],
      );
    const any = ask('v128.any_true');
    const all = ask('i64x2.all_true');
    const answers = [
      [0n, 0n],
      [0n, 4n],
      [1n, 1n << 40n],
    ].map((values) => {
      fromWords(values);
      return [any(), all()];
    });
    expect(answers).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });

  test('integers become doubles and doubles integers, saturating', () => {
    const convert = build((body) => runVector(body, 1, () => body.op('f64x2.convert_low_i32x4_s')));
    const truncate = build((body) => runVector(body, 1, () => body.op('i32x4.trunc_sat_f64x2_s_zero')));
    new Int32Array(memory.buffer).set([-7, 2 ** 31 - 1, 5, 6]);
    convert();
    expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual([-7, 2 ** 31 - 1]);
    doubles.set([-7.9, 1e300]);
    truncate();
    expect([...new Int32Array(memory.buffer, RESULT, 4)]).toEqual([-7, 2 ** 31 - 1, 0, 0]);
  });

  test('lanes are taken out and put in', () => {
    for (const lane of [0, 1, 2, 3] as const) {
      const take = build((body) => takeLane(body, 'i32x4.extract_lane', lane), [], ['i32']);
      new Int32Array(memory.buffer).set([11, -12, 13, -14]);
      expect(take()).toBe([11, -12, 13, -14][lane]);
    }
    for (const lane of [0, 1] as const) {
      fromWords([5n, unsigned(-6n)]);
      expect(build((body) => takeLane(body, 'i64x2.extract_lane', lane), [], ['i64'])()).toBe([5n, -6n][lane]);
      doubles.set([0.25, -0.75]);
      expect(build((body) => takeLane(body, 'f64x2.extract_lane', lane), [], ['f64'])()).toBe([0.25, -0.75][lane]);
      const put = build((body) =>
        runVector(body, 1, () => {
          body.f64(9);
          body.lane('f64x2.replace_lane', lane);
        }),
      );
      put();
      const expected = [0.25, -0.75];
      expected[lane] = 9;
      expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual(expected);
    }
  });

  test.each([
    [0, 2, [1, 3]],
    [1, 3, [2, 4]],
    [3, 0, [4, 1]],
    [2, 2, [3, 3]],
  ] as const)('shuffle takes lanes %d and %d of four', (a, b, expected) => {
    doubles.set([1, 2, 3, 4]);
    build((body) => runVector(body, 2, () => body.shuffle(a, b)))();
    expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual([...expected]);
  });
});

function takeLane(body: FunctionBody, name: keyof typeof VECTOR_LANE, lane: 0 | 1 | 2 | 3): void {
  body.i32(0);
  body.memory('v128.load');
  body.lane(name, lane);
}

describe('fused operations round once or twice', () => {
  const validates = WebAssembly.validate(relaxedModule());

  test.skipIf(!validates).each([
    ['f64x2.relaxed_madd', 1],
    ['f64x2.relaxed_nmadd', -1],
  ] as const)('%s', (name, sign) => {
    // a² = 1 + 2^-29 + 2^-60, of which a product that is rounded loses the last.
    const a = 1 + 2 ** -30;
    doubles.set([a, 3, a, 5, -sign * (a * a), 0.5]);
    build((body) => runVector(body, 3, () => body.op(name)))();
    const [first, second] = doubles.subarray(RESULT / 8, RESULT / 8 + 2);
    expect([0, sign * 2 ** -60]).toContain(first);
    expect(second).toBe(sign * 15 + 0.5);
  });
});

function relaxedModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.function(null, { parameters: [], results: [] }, (body) => {
    runVector(body, 3, () => body.op('f64x2.relaxed_madd'));
  });
  return module.bytes();
}

describe('loads and stores of vectors', () => {
  test('these are all there are', () => {
    expect(Object.keys(VECTOR_MEMORY).sort()).toEqual(['v128.load', 'v128.load64_splat', 'v128.store']);
    expect(Object.keys(VECTOR_LANE_MEMORY).sort()).toEqual(['v128.load64_lane', 'v128.store64_lane']);
  });

  test('one number for all lanes, or for one', () => {
    doubles.set([1, 2, 3, 4]);
    build((body) => {
      body.i32(RESULT);
      body.i32(8);
      body.memory('v128.load64_splat', 8);
      body.memory('v128.store');
    })();
    expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual([3, 3]);
    build((body) => {
      body.i32(RESULT);
      body.i32(24);
      body.i32(0);
      body.memory('v128.load');
      body.laneMemory('v128.load64_lane', 1);
      body.memory('v128.store');
    })();
    expect([...doubles.subarray(RESULT / 8, RESULT / 8 + 2)]).toEqual([1, 4]);
    build((body) => {
      body.i32(0);
      body.i32(16);
      body.memory('v128.load');
      body.laneMemory('v128.store64_lane', 1, RESULT);
    })();
    expect(doubles[RESULT / 8]).toBe(4);
  });
});
