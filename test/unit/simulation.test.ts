/** Circuits made by hand from small mechanisms: what connects mechanisms, and what is refused by name. */
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { type Circuit, compileSources, createSimulation, type MechanismPlacement } from '../../src/solver/index.ts';

const OPTIONS = { dt: 0.1, order: 1, libm: 'glibc' } as const;

/** So many cells of one compartment each, and what is on them. */
function circuit(mechanisms: readonly MechanismPlacement[], more: Partial<Circuit> = {}): Circuit {
  const nodes = more.nodes ?? 2;
  return {
    celsius: 20,
    vInit: -65,
    nodes,
    parent: new Int32Array(nodes).fill(-1),
    axialA: new Float64Array(nodes),
    axialB: new Float64Array(nodes),
    area: new Float64Array(nodes).fill(500),
    diameter: new Float64Array(nodes).fill(10),
    cm: new Float64Array(nodes).fill(1),
    mechanisms,
    ions: new Map(),
    netcons: [],
    ...more,
  };
}

function placed(text: string, nodes: readonly number[], more: Partial<MechanismPlacement> = {}): MechanismPlacement {
  const { kernels, refused } = compileSources([{ file: 'test.mod', text }], { wanted: ['test', 'other'] });
  const [kernel] = kernels.values();
  if (kernel === undefined) throw new Error([...refused.values()].join());
  return { kernel, nodes: Int32Array.from(nodes), parameters: new Map(), globals: new Map(), ...more };
}

const refusedAs = (construct: string) =>
  expect.toSatisfy((error: unknown) => isTwincellError(error, 'Refused') && error.construct === construct);

describe('POINTER', () => {
  const READER = `NEURON { SUFFIX test POINTER source RANGE copy }
    ASSIGNED { source copy }
    BREAKPOINT { copy = source }`;
  const GROWING = `NEURON { SUFFIX other RANGE x }
    STATE { x[2] }
    INITIAL { x[0] = 0 x[1] = 5 }
    BREAKPOINT { SOLVE grow }
    PROCEDURE grow() { x[1] = x[1] + 1 }`;

  test('reaches an element of a mechanism that comes later, and a potential', () => {
    const instance = { kind: 'instance', mechanism: 1, instance: 1, variable: 'x', index: 1 } as const;
    const pointers = new Map([['source', [instance, { kind: 'v', node: 1 } as const]]]);
    const simulation = createSimulation(
      circuit([placed(READER, [0, 1], { pointers }), placed(GROWING, [0, 1])]),
      OPTIONS,
    );
    simulation.initialize();
    simulation.step();
    simulation.step();
    // The reader runs first: it sees the state of the step before.
    expect([...simulation.instances(0, 'copy')]).toEqual([6, -65]);
    expect([...simulation.instances(1, 'x')]).toEqual([0, 7, 0, 7]);
  });

  test('that points at nothing is refused before the run', () => {
    expect(() => createSimulation(circuit([placed(READER, [0])]), OPTIONS)).toThrow(
      refusedAs('unset POINTER source in test'),
    );
  });
});

describe('an ion', () => {
  const user = (valence: string, suffix = 'test') =>
    `NEURON { SUFFIX ${suffix} USEION xx READ xxi ${valence} } ASSIGNED { xxi } BREAKPOINT { }`;

  test('without a charge is refused by name', () => {
    expect(() => createSimulation(circuit([placed(user(''), [0])]), OPTIONS)).toThrow(refusedAs('ion xx'));
  });

  test('with two charges is refused, as NEURON does', () => {
    const two = [placed(user('VALENCE 1'), [0]), placed(user('VALENCE 2', 'other'), [1])];
    expect(() => createSimulation(circuit(two), OPTIONS)).toThrow(refusedAs('VALENCE of xx in other'));
  });
});

describe('events into the past', () => {
  const cell = (receive: string) => `NEURON { ARTIFICIAL_CELL test }
    INITIAL { net_send(1, 3) }
    NET_RECEIVE(w) { if (flag == 3) { ${receive} } }`;

  test.each([
    ['net_send(-0.5, 2)', 'net_send into the past in test'],
    ['net_move(5)', 'net_move without an event in test'],
  ])('%s is refused by name', (receive, construct) => {
    const simulation = createSimulation(circuit([placed(cell(receive), [-1])]), OPTIONS);
    simulation.initialize();
    const run = () => {
      for (let k = 0; k < 20; k++) simulation.step();
    };
    expect(run).toThrow(refusedAs(construct));
  });
});

test('a voltage that stops being a number is named with its cell, also where another cell is well', () => {
  const POISON = `NEURON { SUFFIX test NONSPECIFIC_CURRENT i }
    ASSIGNED { i v }
    BREAKPOINT { i = 0 if (t > 0.5) { i = sqrt(-1) } }`;
  const simulation = createSimulation(circuit([placed(POISON, [1])]), {
    ...OPTIONS,
    siteName: (node) => `cell${node}`,
  });
  simulation.initialize();
  const run = () => {
    for (let k = 0; k < 20; k++) simulation.step();
  };
  expect(run).toThrow(
    expect.toSatisfy((error: unknown) => isTwincellError(error, 'NotFinite') && error.site === 'cell1'),
  );
});

test('a simulation starts before it steps', () => {
  expect(() => createSimulation(circuit([]), OPTIONS).step()).toThrow(/initialized/);
});
