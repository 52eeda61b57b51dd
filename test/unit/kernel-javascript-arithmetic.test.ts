/** The arithmetic of the JavaScript back end against C’s meaning of what is written, and an evaluator of its own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJavaScript, type KernelProgram, type Operator, type Value } from '../../src/kernel/index.ts';
import { libmNamed } from '../../src/libm/index.ts';
import {
  ambient,
  bin,
  call,
  field,
  get,
  linkageOf,
  num,
  place,
  programOf,
  routine,
  set,
  variable,
  when,
} from '../fixtures/kernel-program.ts';

/** The value of an expression, computed by a program whose state phase stores it. */
function evaluate(value: Value, more: Partial<KernelProgram> = {}): number {
  const program = programOf([routine('state', [set(field('result'), value)]), ...(more.routines?.values() ?? [])], {
    phases: { state: 'state', hooks: [] },
    ...more,
    instance: [variable('result'), ...(more.instance ?? [])],
    ...(more.routines === undefined
      ? {}
      : { routines: new Map([...more.routines, ['state', routine('state', [set(field('result'), value)])]]) }),
  });
  const kernel = compileJavaScript(program).link(linkageOf(1));
  kernel.state();
  return kernel.instance('result')[0] as number;
}

describe('arithmetic is C’s', () => {
  test.each([
    ['exp(-700.5)', call('exp', num(-700.5)), 0],
    ['exp(800)', call('exp', num(800)), libmNamed('glibc').exp(700)],
    ['int(-0.5) has no sign', call('int', num(-0.5)), 0],
    ['int(-7.9)', call('int', num(-7.9)), -7],
    ['fmod(-7, 3)', call('fmod', num(-7), num(3)), -1],
    ['a comparison is 1', bin(num(1), '<', num(2)), 1],
    ['what is not a number is true', bin(num(Number.NaN), '&&', num(1)), 1],
    ['not what is not a number is 0', { op: 'not', of: num(Number.NaN) } as Value, 0],
    ['what is not a number differs from itself', bin(num(Number.NaN), '!=', num(Number.NaN)), 1],
    ['at_time within the step', { op: 'at-time', time: num(-0.01) } as Value, 1],
    ['at_time after the step', { op: 'at-time', time: num(0.01) } as Value, 0],
  ])('%s', (_name, value, expected) => {
    expect(evaluate(value)).toBe(expected);
  });

  test('FROM counts by whole numbers, both ends included, and leaves its variable at the first beyond', () => {
    const k = get(place('local', 'k'));
    const total = set(field('sum'), bin(bin(get(field('sum')), '*', num(10)), '+', k));
    const loop = { do: 'for', local: 'k', first: num(1.9), last: num(7.2), by: num(3), body: [total] } as const;
    const program = programOf([routine('state', [loop, set(field('after'), k)])], {
      instance: [variable('sum'), variable('after')],
      phases: { state: 'state', hooks: [] },
    });
    const kernel = compileJavaScript(program).link(linkageOf(1));
    kernel.state();
    expect([kernel.instance('sum')[0], kernel.instance('after')[0]]).toEqual([147, 10]);
  });

  test('locals start at 0 in every call, arrays too, also where a function calls itself', () => {
    // f(n) = n <= 0 ? 0 : n + f(n - 1), kept in a local array across the call.
    const n = get(place('local', 'n'));
    const cell = place('local', 'keep', num(1));
    const f = routine(
      'f',
      [
        when(bin(n, '<=', num(0)), [{ do: 'return' }]),
        set(cell, bin(get(cell), '+', n)),
        set(place('local', 'r'), { op: 'invoke', routine: 'f', arguments: [bin(n, '-', num(1))] }),
        set(place('local', 'r'), bin(get(place('local', 'r')), '+', get(cell))),
      ],
      {
        parameters: ['n'],
        result: 'r',
        locals: [
          { name: 'r', length: 1 },
          { name: 'keep', length: 2 },
        ],
      },
    );
    const value: Value = { op: 'invoke', routine: 'f', arguments: [num(10)] };
    expect(evaluate(value, { routines: new Map([['f', f]]) })).toBe(55);
  });

  test('every number is written so that it reads back as itself', () => {
    fc.assert(
      fc.property(fc.double(), (x) => {
        expect(evaluate(num(x))).toBe(x);
        expect(evaluate(bin(num(1), '/', num(x)))).toBe(1 / x);
      }),
    );
  });

  test('random expressions have the value that walking them gives', () => {
    fc.assert(
      fc.property(expressions, (value) => {
        expect(evaluate(value, { instance: [variable('a', 1.5), variable('b', -2.25)] })).toBe(walk(value));
      }),
      { numRuns: 300 },
    );
  });
});

const OPERATORS: readonly Operator[] = ['+', '-', '*', '/', '<', '>', '<=', '>=', '==', '!=', '&&', '||'];
const { expression: expressions } = fc.letrec<{ expression: Value }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })).map(num),
    fc.constantFrom(get(field('a')), get(field('b')), ambient('v'), ambient('celsius')),
    fc.tuple(tie('expression'), fc.constantFrom(...OPERATORS), tie('expression')).map(([l, o, r]) => bin(l, o, r)),
    fc.record({ op: fc.constantFrom('negate' as const, 'not' as const), of: tie('expression') }),
    fc
      .tuple(fc.constantFrom('exp', 'log', 'fabs', 'floor', 'sqrt', 'tanh', 'int'), tie('expression'))
      .map(([name, x]) => call(name as 'exp', x)),
    fc
      .tuple(fc.constantFrom('pow', 'fmod', 'atan2'), tie('expression'), tie('expression'))
      .map(([name, x, y]) => call(name as 'pow', x, y)),
  ),
}));

/** The value of an expression, by walking it. */
function walk(value: Value): number {
  switch (value.op) {
    case 'number':
      return value.value;
    case 'get': {
      const known: Readonly<Record<string, number>> = { a: 1.5, b: -2.25, v: -65, celsius: 6.3 };
      return 'name' in value.place ? (known[value.place.name] as number) : Number.NaN;
    }
    case 'negate':
      return -walk(value.of);
    case 'not':
      return Number(walk(value.of) === 0);
    case 'binary':
      return operate(value.operator, walk(value.left), walk(value.right));
    case 'call':
      return apply(value.function, value.arguments.map(walk));
    default:
      throw new Error(`no ${value.op} is drawn`);
  }
}

function operate(operator: Operator, x: number, y: number): number {
  const outcomes: Readonly<Record<Operator, () => number | boolean>> = {
    '+': () => x + y,
    '-': () => x - y,
    '*': () => x * y,
    '/': () => x / y,
    '<': () => x < y,
    '>': () => x > y,
    '<=': () => x <= y,
    '>=': () => x >= y,
    '==': () => x === y,
    '!=': () => !(x === y),
    '&&': () => !(x === 0) && !(y === 0),
    '||': () => !(x === 0 && y === 0),
  };
  return Number(outcomes[operator]());
}

function apply(name: string, [x = Number.NaN, y = Number.NaN]: readonly number[]): number {
  const libm = libmNamed('glibc');
  const truncated = x < 0 ? Math.ceil(x) : Math.floor(x);
  const outcomes: Readonly<Record<string, () => number>> = {
    exp: () => (x < -700 ? 0 : libm.exp(Math.min(x, 700))),
    log: () => libm.log(x),
    fabs: () => (x < 0 ? -x : x === 0 ? 0 : x),
    floor: () => Math.floor(x),
    sqrt: () => Math.sqrt(x),
    tanh: () => Math.tanh(x),
    int: () => (truncated === 0 ? 0 : truncated),
    pow: () => libm.pow(x, y),
    fmod: () => x % y,
    atan2: () => Math.atan2(x, y),
  };
  return outcomes[name]?.() ?? Number.NaN;
}
