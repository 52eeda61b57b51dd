/** The JavaScript back end against closed forms: the phases of a mechanism, what goes to the nodes, and what it sends. */
import { describe, expect, test } from 'vitest';
import { compileJavaScript, type IonStore, type KernelProgram, type Value } from '../../src/kernel/index.ts';
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

/** i = g·(v - e), in one variable. */
const leak = (more: Partial<KernelProgram> = {}): KernelProgram =>
  programOf([routine('current', [set(field('i'), bin(get(field('g')), '*', bin(ambient('v'), '-', num(-70))))])], {
    instance: [variable('g', 0.003), variable('i')],
    currents: [{ variable: 'i', ion: null }],
    phases: { current: 'current', hooks: [] },
    ...more,
  });

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
