/** Every instruction that the assembler knows, executed, against what JavaScript computes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bytes } from '../../src/kernel/wasm/assembler/bytes.ts';
import { type FunctionBody, ModuleBuilder, type ValueType } from '../../src/kernel/wasm/assembler/index.ts';
import { MEMORY, type PLAIN } from '../../src/kernel/wasm/assembler/opcodes.ts';
import {
  bitsOf,
  build,
  memory,
  numberOf,
  type Scalar,
  someDoubles,
  someIntegers,
  someWords,
  unsigned,
} from '../fixtures/assembled.ts';

interface Plain {
  readonly of: readonly ValueType[];
  readonly gives: ValueType;
  readonly js: (...given: never[]) => Scalar;
}

const i32 = (js: (a: number, b: number) => number | boolean): Plain => ({
  of: ['i32', 'i32'],
  gives: 'i32',
  js: (a: number, b: number) => Number(js(a, b)) | 0,
});
const i64 = (js: (a: bigint, b: bigint) => bigint): Plain => ({
  of: ['i64', 'i64'],
  gives: 'i64',
  js: (a: bigint, b: bigint) => BigInt.asIntN(64, js(a, b)),
});
const f64 = (js: (a: number, b: number) => number): Plain => ({ of: ['f64', 'f64'], gives: 'f64', js });
const compare = (js: (a: number, b: number) => boolean): Plain => ({
  of: ['f64', 'f64'],
  gives: 'i32',
  js: (a: number, b: number) => Number(js(a, b)),
});
const unary = (of: ValueType, gives: ValueType, js: (a: never) => Scalar): Plain => ({ of: [of], gives, js });
type Control = 'unreachable' | 'return' | 'drop' | 'select';

const plain: Record<Exclude<keyof typeof PLAIN, Control>, Plain> = {
  'i32.eqz': unary('i32', 'i32', (a: number) => Number(a === 0)),
  'i32.eq': i32((a, b) => a === b),
  'i32.ne': i32((a, b) => a !== b),
  'i32.lt_s': i32((a, b) => a < b),
  'i32.lt_u': i32((a, b) => a >>> 0 < b >>> 0),
  'i32.gt_s': i32((a, b) => a > b),
  'i32.le_s': i32((a, b) => a <= b),
  'i32.ge_s': i32((a, b) => a >= b),
  'i32.ge_u': i32((a, b) => a >>> 0 >= b >>> 0),
  'f64.eq': compare((a, b) => a === b),
  'f64.ne': compare((a, b) => a !== b),
  'f64.lt': compare((a, b) => a < b),
  'f64.gt': compare((a, b) => a > b),
  'f64.le': compare((a, b) => a <= b),
  'f64.ge': compare((a, b) => a >= b),
  'i32.add': i32((a, b) => a + b),
  'i32.sub': i32((a, b) => a - b),
  'i32.mul': i32(Math.imul),
  'i32.and': i32((a, b) => a & b),
  'i32.or': i32((a, b) => a | b),
  'i32.xor': i32((a, b) => a ^ b),
  'i32.shl': i32((a, b) => a << b),
  'i32.shr_s': i32((a, b) => a >> b),
  'i32.shr_u': i32((a, b) => a >>> b),
  'i64.add': i64((a, b) => a + b),
  'i64.sub': i64((a, b) => a - b),
  'i64.and': i64((a, b) => a & b),
  'i64.or': i64((a, b) => a | b),
  'i64.shl': i64((a, b) => a << (b & 63n)),
  'i64.shr_s': i64((a, b) => a >> (b & 63n)),
  'i64.shr_u': i64((a, b) => unsigned(a) >> (b & 63n)),
  'f64.abs': unary('f64', 'f64', Math.abs),
  'f64.neg': unary('f64', 'f64', (a: number) => -a),
  'f64.sqrt': unary('f64', 'f64', Math.sqrt),
  'f64.add': f64((a, b) => a + b),
  'f64.sub': f64((a, b) => a - b),
  'f64.mul': f64((a, b) => a * b),
  'f64.div': f64((a, b) => a / b),
  'f64.min': f64(Math.min),
  'f64.max': f64(Math.max),
  'i32.wrap_i64': unary('i64', 'i32', (a: bigint) => Number(BigInt.asIntN(32, a))),
  'i64.extend_i32_s': unary('i32', 'i64', (a: number) => BigInt(a)),
  'f64.convert_i32_s': unary('i32', 'f64', (a: number) => a),
  'i64.reinterpret_f64': unary('f64', 'i64', bitsOf),
  'f64.reinterpret_i64': unary('i64', 'f64', numberOf),
};

function given(type: ValueType): fc.Arbitrary<Scalar> {
  if (type === 'i32') return someIntegers;
  return type === 'i64' ? someWords : someDoubles;
}

test.each(Object.entries(plain))('%s', (name, { of, gives, js }) => {
  const run = build(
    (body) => {
      for (const k of of.keys()) body.get(k);
      body.op(name as keyof typeof plain);
    },
    of,
    [gives],
  );
  fc.assert(
    fc.property(fc.tuple(...of.map(given)), (values) => {
      const expected = (js as (...values: Scalar[]) => Scalar)(...values);
      expect(run(...values)).toBe(expected);
    }),
  );
});

describe('control', () => {
  test('unreachable traps', () => {
    expect(build((body) => body.op('unreachable'))).toThrow(WebAssembly.RuntimeError);
  });

  test('return leaves early; drop and select', () => {
    const run = build(
      (body) => {
        body.get(0);
        body.if(() => {
          body.f64(1);
          body.op('return');
        });
        body.f64(9);
        body.op('drop');
        body.f64(2);
        body.f64(3);
        body.get(1);
        body.op('select');
      },
      ['i32', 'i32'],
      ['f64'],
    );
    expect([run(1, 0), run(0, 1), run(0, 0)]).toEqual([1, 2, 3]);
  });

  test('blocks, loops, branches, calls and locals: a factorial that is called', () => {
    const module = new ModuleBuilder();
    const factorial = module.function(null, { parameters: ['i32'], results: ['i64'] }, (body) => {
      const product = body.local('i64');
      body.i64(1n);
      body.set(product);
      body.block(() => {
        body.loop(() => {
          body.get(0);
          body.op('i32.eqz');
          body.branchIf(1);
          body.get(product);
          body.get(0);
          body.op('i64.extend_i32_s');
          // i64 has no product among the instructions here: by repeated addition.
          multiply(body);
          body.set(product);
          body.get(0);
          body.i32(-1);
          body.op('i32.add');
          body.set(0);
          body.branch(0);
        });
      });
      body.get(product);
    });
    module.function('run', { parameters: ['i32'], results: ['i64'] }, (body) => {
      body.get(0);
      body.call(factorial);
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { twincell: { memory } });
    const run = exports.run as (n: number) => bigint;
    expect([0, 1, 5, 12].map(run)).toEqual([1n, 1n, 120n, 479001600n]);
  });

  test('if has another side, clear sets locals of each type to zero', () => {
    const run = build(
      (body) => {
        const first = body.locals;
        const [a, b, c, d] = (['i32', 'i64', 'f64', 'v128'] as const).map((type) => body.local(type)) as [
          number,
          number,
          number,
          number,
        ];
        const set = (): void => {
          body.i32(1);
          body.set(a);
          body.i64(2n);
          body.set(b);
          body.f64(4);
          body.set(c);
          body.f64x2(8, 16);
          body.set(d);
        };
        set();
        body.get(0);
        body.if(
          () => {
            for (let local = first; local < body.locals; local++) body.clear(local);
          },
          () => set(),
        );
        body.get(a);
        body.get(b);
        body.op('i32.wrap_i64');
        body.op('i32.add');
        body.op('f64.convert_i32_s');
        body.get(c);
        body.op('f64.add');
        for (const lane of [0, 1] as const) {
          body.get(d);
          body.lane('f64x2.extract_lane', lane);
          body.op('f64.add');
        }
      },
      ['i32'],
      ['f64'],
    );
    expect([run(0), run(1)]).toEqual([31, 0]);
  });
});

/** The product of the i64s on the stack, the upper one small. */
function multiply(body: FunctionBody): void {
  const count = body.local('i64');
  const one = body.local('i64');
  const sum = body.local('i64');
  body.set(count);
  body.set(one);
  body.i64(0n);
  body.set(sum);
  body.loop(() => {
    body.get(sum);
    body.get(one);
    body.op('i64.add');
    body.set(sum);
    body.get(count);
    body.i64(1n);
    body.op('i64.sub');
    body.tee(count);
    body.i64(0n);
    body.op('i64.sub');
    body.op('i32.wrap_i64');
    body.branchIf(0);
  });
  body.get(sum);
}

describe('numbers of the format', () => {
  test('integers of any size are read back', () => {
    fc.assert(
      fc.property(someWords, fc.integer(), fc.double(), (word, integer, double) => {
        const run = (type: ValueType, write: (body: FunctionBody) => void) => build(write, [], [type])();
        expect(run('i64', (body) => body.i64(word))).toBe(word);
        expect(run('i32', (body) => body.i32(integer))).toBe(integer);
        expect(run('f64', (body) => body.f64(double))).toBe(double);
      }),
    );
  });

  test('unsigned ones have seven bits a byte, low ones first', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (value) => {
        const bytes = new Bytes();
        bytes.unsigned(value);
        const read = [...bytes.view()].reduce((sum, byte, k) => sum + (byte & 0x7f) * 2 ** (7 * k), 0);
        expect(read).toBe(value);
        expect([...bytes.view()].map((byte) => byte >= 0x80).lastIndexOf(false)).toBe(bytes.length - 1);
      }),
    );
  });
});

describe('loads and stores', () => {
  const scalars = {
    'i32.load': ['i32', -5],
    'i64.load': ['i64', -5n],
    'f64.load': ['f64', -0.1],
  } as const;

  test.each(Object.entries(scalars))('%s reads what its store wrote, at an offset', (load, [type, value]) => {
    const store = load.replace('load', 'store') as keyof typeof MEMORY;
    const run = build(
      (body) => {
        body.i32(64);
        body.get(0);
        body.memory(store, 200);
        body.i32(0);
        body.memory(load as keyof typeof MEMORY, 264);
      },
      [type],
      [type],
    );
    expect(run(value)).toBe(value);
    const view = new DataView(memory.buffer, 264);
    const read = { i32: view.getInt32(0, true), i64: view.getBigInt64(0, true), f64: view.getFloat64(0, true) };
    expect(read[type]).toBe(value);
  });

  test('every one of the tables was executed in this file', () => {
    const scalarNames = Object.keys(scalars).flatMap((load) => [load, load.replace('load', 'store')]);
    expect(Object.keys(MEMORY).sort()).toEqual(scalarNames.sort());
  });
});
