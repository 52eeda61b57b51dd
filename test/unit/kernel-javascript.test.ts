/** The JavaScript back end against closed forms, an evaluator of its own, and C's meaning of what is written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import {
  compileJavaScript,
  type IonStore,
  type KernelProgram,
  type Operator,
  type Value,
} from '../../src/kernel/index.ts';
import { libmNamed } from '../../src/libm/index.ts';
import {
  ambient,
  bin,
  call,
  field,
  get,
  linkageOf,
  num,
  ProgramFailed,
  place,
  programOf,
  routine,
  set,
  variable,
  when,
} from '../fixtures/kernel-program.ts';

/** i = g·(v - e), in one variable. */
const leak = (more: Partial<KernelProgram> = {}): KernelProgram =>
  programOf([routine('current', [set(field('i'), bin(get(field('g')), '*', bin(ambient('v'), '-', num(-70))))])], {
    instance: [variable('g', 0.003), variable('i')],
    currents: [{ variable: 'i', ion: null }],
    phases: { current: 'current', hooks: [] },
    ...more,
  });

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

describe('currents', () => {
  test('a density current goes to rhs and its difference quotient to d, node by node', () => {
    const v = Float64Array.of(-60, -71.25, 12);
    const linkage = linkageOf(3, { v });
    compileJavaScript(leak()).link(linkage).current();
    for (const [k, potential] of v.entries()) {
      const here = 0.003 * (potential + 70);
      const above = 0.003 * (potential + 0.001 + 70);
      expect(linkage.rhs[k]).toBe(0 - here);
      expect(linkage.d[k]).toBe((above - here) / 0.001);
    }
  });

  test('a point process is spread over its area, after the quotient is taken; several on a node add up', () => {
    const area = Float64Array.of(314.7, 99);
    const nodes = Int32Array.of(1, 1, 0);
    const linkage = linkageOf(2, { count: 3, nodes, area });
    compileJavaScript(leak({ kind: 'point' }))
      .link(linkage)
      .current();
    const here = 0.003 * (-65 + 70);
    const above = 0.003 * (-65 + 0.001 + 70);
    const slope = (above - here) / 0.001;
    expect(linkage.rhs[0]).toBe(0 - here * (100 / 314.7));
    expect(linkage.d[0]).toBe(slope * (100 / 314.7));
    expect(linkage.rhs[1]).toBe(0 - here * (100 / 99) - here * (100 / 99));
    expect(linkage.d[1]).toBe(slope * (100 / 99) + slope * (100 / 99));
  });

  test('an electrode current has the other sign in both', () => {
    const membrane = linkageOf(1);
    const electrode = linkageOf(1);
    compileJavaScript(leak()).link(membrane).current();
    compileJavaScript(leak({ electrode: true }))
      .link(electrode)
      .current();
    expect(electrode.rhs[0]).toBe(-(membrane.rhs[0] as number));
    expect(electrode.d[0]).toBe(-(membrane.d[0] as number));
    expect(electrode.rhs[0]).toBeGreaterThan(0);
  });

  test.each(['density', 'point'] as const)(
    'an ionic current of a %s mechanism is added to the ion with its slope',
    (kind) => {
      const ion: IonStore = {
        reversal: Float64Array.of(132.5),
        inside: Float64Array.of(1e-4),
        outside: Float64Array.of(2),
        current: Float64Array.of(-0.25),
        slope: Float64Array.of(0.5),
      };
      const program = programOf(
        [
          routine('current', [
            set(field('ica'), bin(get(field('g')), '*', bin(ambient('v'), '-', get(field('eca'))))),
            set(field('ix'), num(0.125)),
            set(field('cai'), bin(get(field('cai')), '*', num(2))),
          ]),
        ],
        {
          kind,
          instance: [variable('g', 0.02), variable('ica'), variable('eca'), variable('ix'), variable('cai')],
          ions: [
            {
              ion: 'ca',
              valence: null,
              reads: [
                { field: 'reversal', variable: 'eca' },
                { field: 'inside', variable: 'cai' },
              ],
              writes: [
                { field: 'current', variable: 'ica' },
                { field: 'inside', variable: 'cai' },
              ],
            },
          ],
          currents: [
            { variable: 'ica', ion: 'ca' },
            { variable: 'ix', ion: null },
          ],
          phases: { current: 'current', hooks: [] },
        },
      );
      const linkage = linkageOf(1, { ions: new Map([['ca', ion]]), area: Float64Array.of(250) });
      compileJavaScript(program).link(linkage).current();
      const here = 0.02 * (-65 - 132.5);
      const above = 0.02 * (-65 + 0.001 - 132.5);
      const spread = (x: number): number => (kind === 'point' ? (x * 100) / 250 : x);
      const factor = kind === 'point' ? 100 / 250 : 1;
      expect(ion.current[0]).toBe(-0.25 + spread(here));
      expect(ion.slope[0]).toBe(0.5 + spread((above - here) / 0.001));
      expect(linkage.rhs[0]).toBe(0 - (here + 0.125) * factor);
      expect(linkage.d[0]).toBe(((above + 0.125 - (here + 0.125)) / 0.001) * factor);
      // Read once, doubled by both evaluations, and written back.
      expect(ion.inside[0]).toBe(4e-4);
    },
  );

  test('what a routine assigns to v lasts for the call and does not reach the node', () => {
    const nudge = bin(ambient('v'), '==', num(-65));
    const v: { kind: 'ambient'; name: 'v' } = { kind: 'ambient', name: 'v' };
    const program = leak({
      routines: new Map([
        ['current', routine('current', [when(nudge, [set(v, num(-64))]), set(field('i'), ambient('v'))])],
      ]),
    });
    const linkage = linkageOf(1);
    compileJavaScript(program).link(linkage).current();
    expect(linkage.v[0]).toBe(-65);
    expect(linkage.rhs[0]).toBe(64);
    expect(linkage.d[0]).toBe((-65 + 0.001 + 64) / 0.001);
  });
});

describe('phases', () => {
  test('cnexp follows the exponential: 400 steps of a decay', () => {
    const m = get(field('m'));
    const loss = bin(num(1), '-', call('exp', bin(ambient('dt'), '*', bin(num(-1), '/', num(2)))));
    const program = programOf(
      [
        routine('initialize', [set(field('m'), num(3))]),
        routine('state', [set(field('m'), bin(m, '+', bin(loss, '*', bin(num(0), '-', m))))]),
      ],
      { instance: [variable('m')], phases: { initialize: 'initialize', state: 'state', hooks: [] } },
    );
    const kernel = compileJavaScript(program).link(linkageOf(2));
    kernel.initialize();
    for (let k = 0; k < 400; k++) kernel.state();
    expect(kernel.instance('m')[1]).toBeCloseTo(3 * Math.exp(-10 / 2), 12);
  });

  test('what a routine assigns to dt lasts for one instance', () => {
    const dt: { kind: 'ambient'; name: 'dt' } = { kind: 'ambient', name: 'dt' };
    const program = programOf([routine('state', [set(field('seen'), get(dt)), set(dt, num(1e9))])], {
      instance: [variable('seen')],
      phases: { state: 'state', hooks: [] },
    });
    const linkage = linkageOf(2);
    const kernel = compileJavaScript(program).link(linkage);
    kernel.state();
    expect([...kernel.instance('seen')]).toEqual([0.025, 0.025]);
    expect(linkage.clock[1]).toBe(0.025);
  });

  test('hooks run by their time, tables once a mechanism', () => {
    const add = (name: string, x: number) => set(place('global', name), bin(get(place('global', name)), '+', num(x)));
    const program = programOf(
      [routine('one', [add('a', 1)]), routine('two', [add('a', 10)]), routine('tables', [add('b', 1)])],
      {
        global: [variable('a'), variable('b')],
        phases: {
          tables: 'tables',
          hooks: [
            { when: 'before-step', routine: 'one' },
            { when: 'after-solve', routine: 'two' },
          ],
        },
      },
    );
    const kernel = compileJavaScript(program).link(linkageOf(3));
    kernel.tables();
    kernel.hook('after-solve');
    kernel.hook('before-initial');
    expect(kernel.global('a')[0]).toBe(30);
    kernel.hook('before-step');
    expect(kernel.global('a')[0]).toBe(33);
    expect(kernel.global('b')[0]).toBe(1);
  });

  test('NET_RECEIVE reads and writes weights, sends, and gives v back to the node only where it has it', () => {
    const sent: unknown[] = [];
    const weight = (index: number) => ({ kind: 'weight', index }) as const;
    const v: { kind: 'ambient'; name: 'v' } = { kind: 'ambient', name: 'v' };
    const program = programOf(
      [
        routine(
          'receive',
          [
            set(weight(1), bin(get(weight(0)), '+', get(place('local', 'flag')))),
            { do: 'send', delay: num(2.5), flag: num(-1) },
            { do: 'event', time: ambient('t') },
            { do: 'move', time: num(7) },
            { do: 'watch', watches: [{ watch: 0, flag: num(2) }] },
            { do: 'for-netcons', body: [set(weight(0), bin(get(weight(0)), '*', num(2)))] },
            set(v, bin(ambient('v'), '+', num(1))),
          ],
          { parameters: ['flag'] },
        ),
        routine('initial', [set(weight(1), num(9))]),
        routine('over', [{ do: 'return' }], { locals: [{ name: 'r', length: 1 }], result: 'r' }),
      ],
      {
        kind: 'point',
        weights: ['w', 'x'],
        watches: [{ direction: '>', value: 'over' }],
        phases: { receive: 'receive', receiveInitial: 'initial', hooks: [] },
      },
    );
    const others = [Float64Array.of(3, 0), Float64Array.of(4, 0)];
    const linkage = linkageOf(2, {
      clock: Float64Array.of(1.5, 0.025, 6.3, 0),
      events: {
        send: (...all) => sent.push(['send', ...all]),
        event: (...all) => sent.push(['event', ...all]),
        move: (...all) => sent.push(['move', ...all]),
        clearWatches: (...all) => sent.push(['clear', ...all]),
        watch: (...all) => sent.push(['watch', ...all]),
        netcons: (instance) => (instance === 1 ? others : []),
      },
    });
    const kernel = compileJavaScript(program).link(linkage);
    const weights = Float64Array.of(0.5, 0);
    kernel.receiveInitial(1, weights);
    expect([...weights]).toEqual([0.5, 9]);
    kernel.receive(1, weights, 3);
    expect([...weights]).toEqual([0.5, 3.5]);
    expect(others.map(([first]) => first)).toEqual([6, 8]);
    expect([...linkage.v]).toEqual([-65, -64]);
    expect(sent).toEqual([
      ['send', 1, 2.5, -1],
      ['event', 1, 1.5],
      ['move', 1, 7],
      ['clear', 1],
      ['watch', 1, 0, 2],
    ]);
    expect(kernel.watchValue(0, 0)).toBe(0);
  });

  test('a RANDOM draws from the stream of its instance, a POINTER reads and writes its target', () => {
    const pointer = { kind: 'pointer', name: 'p' } as const;
    const draw: Value = { op: 'draw', random: 'r', distribution: 'normal', arguments: [num(2), num(3)] };
    const program = programOf(
      [
        routine('state', [
          set(pointer, bin(get(pointer), '+', draw)),
          { do: 'random-sequence', random: 'r', at: num(5) },
        ]),
      ],
      { pointers: ['p'], randoms: ['r'], phases: { state: 'state', hooks: [] } },
    );
    const places: number[] = [];
    const stream = (k: number) => ({
      uniform: () => Number.NaN,
      normal: (mean: number, deviation: number) => 100 * k + 10 * mean + deviation,
      negexp: () => Number.NaN,
      integer: () => Number.NaN,
      sequence: (at: number) => places.push(at + k),
    });
    const array = Float64Array.of(0.25, 0.5, 0.75);
    const targets = [
      { array, index: 2 },
      { array, index: 0 },
    ];
    const linkage = linkageOf(2, {
      pointers: new Map([['p', targets]]),
      randoms: new Map([['r', [stream(1), stream(2)]]]),
    });
    compileJavaScript(program).link(linkage).state();
    expect([...array]).toEqual([0.25 + 223, 0.5, 0.75 + 123]);
    expect(places).toEqual([6, 7]);
  });

  test('two cells linked from one compilation share nothing', () => {
    const compiled = compileJavaScript(leak());
    const [a, b] = [compiled.link(linkageOf(1)), compiled.link(linkageOf(1))];
    a.instance('g')[0] = 5;
    expect(b.instance('g')[0]).toBe(0.003);
  });
});

describe('solvers', () => {
  const residual = place('global', 'residual');
  const states = [field('x')];
  const run = (body: KernelProgram['routines'], more: Partial<KernelProgram>) => {
    const program = programOf([...body.values()], { phases: { state: 'state', hooks: [] }, ...more });
    const kernel = compileJavaScript(program).link(linkageOf(2));
    kernel.instance('x').set([1, 7]);
    kernel.state();
    return kernel;
  };

  test('newton finds the square root of two for every instance', () => {
    const x = get(field('x'));
    const routines = new Map([
      ['state', routine('state', [{ do: 'newton', states, fill: 'fill', residual: 'residual' }])],
      ['fill', routine('fill', [set(residual, bin(bin(x, '*', x), '-', num(2)))])],
    ]);
    const kernel = run(routines, { instance: [variable('x')], global: [variable('residual')] });
    for (const root of kernel.instance('x')) expect(root).toBeCloseTo(Math.SQRT2, 8);
  });

  test('an outcome that is not solved ends the run, or goes to the local that asks for it', () => {
    const never = routine('fill', [set(residual, num(1))]);
    const step = { do: 'newton', states, fill: 'fill', residual: 'residual' } as const;
    const more = { instance: [variable('x'), variable('code')], global: [variable('residual')] };
    expect(() =>
      run(
        new Map([
          ['state', routine('state', [step])],
          ['fill', never],
        ]),
        more,
      ),
    ).toThrow(ProgramFailed);
    const asking = routine('state', [{ ...step, outcome: 'o' }, set(field('code'), get(place('local', 'o')))], {
      locals: [{ name: 'o', length: 1 }],
    });
    const kernel = run(
      new Map([
        ['state', asking],
        ['fill', never],
      ]),
      more,
    );
    expect(kernel.instance('code')[1]).toBe(2);
  });

  test('linear and sparse solve a pair of equations', () => {
    // 2x + y = 5, x - 3y = -1 has x = 2, y = 1.
    const rows = [2, 1, 1, -3];
    const fill = routine('fill', [
      ...rows.map((x, k) => set(place('global', 'matrix', num(k)), num(x))),
      set(place('global', 'residual', num(0)), num(5)),
      set(place('global', 'residual', num(1)), num(-1)),
    ]);
    const common = { states: [field('x'), field('y')], fill: 'fill', matrix: 'matrix', residual: 'residual' };
    const more = {
      instance: [variable('x'), variable('y')],
      global: [variable('matrix', 0, 4), variable('residual', 0, 2)],
    };
    const solve = routine('state', [{ do: 'linear', ...common }]);
    const kernel = run(
      new Map([
        ['state', solve],
        ['fill', fill],
      ]),
      more,
    );
    expect(kernel.instance('x')[1]).toBeCloseTo(2, 14);
    expect(kernel.instance('y')[1]).toBeCloseTo(1, 14);
    const pattern = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const;
    const add = routine('state', [{ do: 'sparse', ...common, linear: true, pattern }]);
    const added = run(
      new Map([
        ['state', add],
        ['fill', fill],
      ]),
      more,
    );
    expect(added.instance('x')[1]).toBeCloseTo(7 + 2, 13);
    expect(added.instance('y')[1]).toBeCloseTo(1, 13);
  });
});

describe('what ends a run', () => {
  const fails = (program: KernelProgram, message: RegExp): void => {
    const kernel = compileJavaScript(program).link(linkageOf(2));
    expect(() => kernel.state()).toThrow(ProgramFailed);
    expect(() => kernel.state()).toThrow(message);
  };
  const state = (...steps: Parameters<typeof routine>[1]) => [routine('state', steps)];
  const phases = { state: 'state', hooks: [] };

  test.each([-1, 3, 1e300, Number.NaN])('element %s of an array of three', (index) => {
    const instance = [variable('a', 0, 3), variable('k', index)];
    const program = programOf(state(set(field('a', get(field('k'))), num(1))), { instance, phases });
    fails(program, /array of 3 elements/);
  });

  test('a constant index outside its array is not compiled', () => {
    const program = programOf(state(set(field('a', num(3)), num(1))), { instance: [variable('a', 0, 3)], phases });
    expect(() => compileJavaScript(program)).toThrow(/element 3 of an array of 3/);
  });

  test('a loop without end', () => {
    fails(programOf(state({ do: 'while', condition: num(1), body: [] }), { phases }), /WHILE/);
  });

  test('a POINTER that points at nothing, once it is used', () => {
    const used = set(field('x'), get({ kind: 'pointer', name: 'p' }));
    const more = { pointers: ['p'], instance: [variable('x')], phases };
    fails(programOf(state(used), more), /POINTER p/);
    const guarded = state(when(num(0), [used]));
    expect(() => compileJavaScript(programOf(guarded, more)).link(linkageOf(1)).state()).not.toThrow();
  });

  test('a fail step, by its message', () => {
    fails(programOf(state({ do: 'fail', message: 'no "luck" `here`' }), { phases }), /^0: no "luck" `here`$/);
  });

  test('an ion that the cell lacks is named at linking', () => {
    const program = programOf([], { ions: [{ ion: 'zn', valence: 2, reads: [], writes: [] }] });
    expect(() => compileJavaScript(program).link(linkageOf(1))).toThrow(/ion zn/);
  });
});

test('a FUNCTION_TABLE fails until it is set, then interpolates and clamps', () => {
  const lookup = routine('tab', [{ do: 'fail', message: 'not set' }], {
    parameters: ['x'],
    locals: [{ name: 'r', length: 1 }],
    result: 'r',
  });
  const body = set(field('y'), { op: 'invoke', routine: 'tab', arguments: [ambient('v')] });
  const program = programOf([routine('state', [body]), lookup], {
    instance: [variable('y')],
    functionTables: [{ name: 'tab', arguments: 1 }],
    phases: { state: 'state', hooks: [] },
  });
  const v = Float64Array.of(-100, -40, -25, 5, 50);
  const kernel = compileJavaScript(program).link(linkageOf(5, { v }));
  expect(() => kernel.state()).toThrow('0: not set');
  kernel.setTable('tab', Float64Array.of(-50, -30, 10), Float64Array.of(1, 2, -2));
  kernel.state();
  expect([...kernel.instance('y')]).toEqual([1, 1.5, 1.5, -1.5, -2]);
  expect(() => kernel.setTable('tab', Float64Array.of(1, 1), Float64Array.of(1, 2))).toThrow(/not above/);
  try {
    kernel.setTable('other', Float64Array.of(1), Float64Array.of(1));
    expect.unreachable();
  } catch (error) {
    expect(isTwincellError(error, 'Usage')).toBe(true);
  }
});

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

describe('no text of a mod file reaches the source', () => {
  const hostile = [
    '`${process.exit(1)}`',
    "'; throw 1; //",
    '*/ }',
    '\u2028\u2029',
    'ünïcode π',
    '__proto__',
    'i',
    'constructor',
  ];

  /** One of everything that has a name or a message, named by `name`. */
  function everything(name: (k: number) => string): KernelProgram {
    const [instance, global, local, main, receive, pointer, random, message] = Array.from({ length: 8 }, (_, k) =>
      name(k),
    );
    const all = { instance, global, local, main, receive, pointer, random, message } as Record<string, string>;
    const at = (kind: 'instance' | 'global' | 'local') => place(kind, all[kind] as string);
    const body = [
      set(at('instance'), bin(get(at('global')), '+', get(at('local')))),
      set({ kind: 'pointer', name: all.pointer as string }, num(1)),
      { do: 'random-sequence', random: all.random as string, at: num(0) },
      { do: 'fail', message: all.message as string },
    ] as const;
    return programOf(
      [
        routine(all.main as string, body, { locals: [{ name: all.local as string, length: 1 }] }),
        routine(all.receive as string, [{ do: 'invoke', routine: all.main as string, arguments: [] }], {
          parameters: [all.local as string],
        }),
      ],
      {
        name: name(0),
        file: name(1),
        kind: 'point',
        instance: [variable(all.instance as string)],
        global: [variable(all.global as string)],
        pointers: [all.pointer as string],
        randoms: [all.random as string],
        weights: [name(3)],
        ions: [
          { ion: name(5), valence: 1, reads: [{ field: 'inside', variable: all.instance as string }], writes: [] },
        ],
        functionTables: [],
        phases: { state: all.main as string, receive: all.receive as string, hooks: [] },
      },
    );
  }

  const plain = compileJavaScript(everything((k) => `plain${k}`)).source;

  test('hostile names and messages give the very source that plain ones give', () => {
    for (let shift = 0; shift < hostile.length; shift++) {
      const { source } = compileJavaScript(everything((k) => hostile[(k + shift) % hostile.length] as string));
      expect(source).toBe(plain);
    }
  });

  test('so do names of any characters', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 8, maxLength: 8 }),
        (names) => {
          expect(compileJavaScript(everything((k) => names[k] as string)).source).toBe(plain);
        },
      ),
    );
  });
});
