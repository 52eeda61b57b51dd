/** What plans leave to JavaScript runs beside compiled code, on the same numbers: whole mechanisms, or those of some kinds. */
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { createCompiledSimulation } from '../../src/solver/compiled/index.ts';
import { type Circuit, compileSources, createSimulation, type MechanismPlacement } from '../../src/solver/index.ts';

const NODES = 11;
const ALL = Array.from({ length: NODES }, (_, node) => node);

/** A chain of compartments with a clamped end. */
function chain(mechanisms: readonly MechanismPlacement[]): Circuit {
  const column = (value: number): Float64Array => new Float64Array(NODES).fill(value);
  const axial = column(-0.4).fill(0, 0, 1);
  return {
    celsius: 6.3,
    vInit: -65,
    nodes: NODES,
    parent: Int32Array.from(ALL, (node) => node - 1),
    axialA: axial,
    axialB: axial,
    area: column(400),
    diameter: column(5),
    cm: column(1),
    mechanisms: [...mechanisms, builtin('hh', ALL), builtin('IClamp', [0], { del: 1, dur: 2, amp: 0.3 })],
    ions: new Map(),
    netcons: [],
  };
}

function builtin(name: string, nodes: readonly number[], parameters: Record<string, number> = {}): MechanismPlacement {
  const kernel = compileSources([], { wanted: [name] }).kernels.get(name);
  if (kernel === undefined) throw new Error(`no mechanism ${name}`);
  return { kernel, nodes: Int32Array.from(nodes), parameters: new Map(Object.entries(parameters)), globals: new Map() };
}

function own(text: string, nodes: readonly number[]): MechanismPlacement {
  const { kernels, refused } = compileSources([{ file: 'own.mod', text }], {
    wanted: [/SUFFIX (\w+)/.exec(text)?.[1] ?? ''],
  });
  const [kernel] = kernels.values();
  if (kernel === undefined) throw new Error([...refused.values()].join());
  return { kernel, nodes: Int32Array.from(nodes), parameters: new Map(), globals: new Map() };
}

/** A loop as long as a state says, which no plan expresses. */
const POOL = `NEURON { SUFFIX pool USEION ca READ ica WRITE cai }
  PARAMETER { tau = 5 }
  ASSIGNED { ica cai step k }
  STATE { c }
  INITIAL { c = 1e-4 cai = c }
  BREAKPOINT { SOLVE advance }
  PROCEDURE advance() {
    step = dt k = 0
    WHILE (step > dt/4) { step = step/2 }
    WHILE (k < 3.5 + c) { c = c + step*(-0.1*ica + (1e-4 - c)/tau) k = k + 1 }
    cai = c
  }`;
const CHANNEL = `NEURON { SUFFIX channel USEION ca READ cai, eca WRITE ica RANGE g }
  PARAMETER { g = 1e-5 }
  ASSIGNED { v ica cai eca }
  STATE { m }
  INITIAL { m = 0 }
  BREAKPOINT { SOLVE states METHOD cnexp ica = g*m*(v - eca)/(1 + cai/1e-3) }
  DERIVATIVE states { m' = (1/(1 + exp(-(v + 40)/6)) - m)/2 }`;
const ARRAY = `NEURON { SUFFIX two NONSPECIFIC_CURRENT i RANGE x }
  ASSIGNED { v i }
  STATE { x[2] }
  INITIAL { x[0] = 0 x[1] = 1 }
  BREAKPOINT { SOLVE advance i = 1e-4*(x[0] + x[1])*(v + 65) }
  PROCEDURE advance() { x[0] = x[0] + dt*(x[1] - x[0]) }`;
const HOOKED = `NEURON { SUFFIX hooked NONSPECIFIC_CURRENT i RANGE peak }
  ASSIGNED { v i peak }
  INITIAL { peak = -100 }
  BREAKPOINT { i = 1e-5*(v - peak) }
  BEFORE STEP { if (v > peak) { peak = v } }`;

function expectSame(circuit: Circuit, order: 1 | 2): void {
  const options = { dt: 0.025, order, libm: 'native' } as const;
  const reference = createSimulation(circuit, options);
  const compiled = createCompiledSimulation(circuit, { ...options, mode: 'exact' });
  reference.initialize();
  compiled.initialize();
  let [largest, highest] = [0, -100];
  for (let step = 0; step < 400; step++) {
    reference.step();
    compiled.step();
    for (const [node, v] of reference.v.entries()) {
      largest = Math.max(largest, Math.abs(v - (compiled.v[node] as number)));
      highest = Math.max(highest, v);
    }
  }
  expect(largest).toBeLessThanOrEqual(1e-9);
  expect(highest).toBeGreaterThan(0);
}

describe.each([1, 2] as const)('order %d', (order) => {
  test('a pool in a loop, and a channel that waits for it where it is', () => {
    expectSame(chain([own(POOL, [0, 1, 2, 5, 6]), own(CHANNEL, ALL)]), order);
  });
  test('a state that is an array', () => expectSame(chain([own(ARRAY, ALL.slice(3))]), order));
  test('a block before each step', () => expectSame(chain([own(HOOKED, ALL.slice(0, 6))]), order));
});

test('a POINTER is followed as in mode reference', () => {
  const reader = own(
    'NEURON { SUFFIX reader POINTER from RANGE copy } ASSIGNED { from copy } BREAKPOINT { copy = from }',
    [4],
  );
  const pointers = new Map([['from', [{ kind: 'v', node: 7 } as const]]]);
  const circuit = chain([{ ...reader, pointers }]);
  const simulation = createCompiledSimulation(circuit, { dt: 0.025, order: 1, libm: 'native', mode: 'exact' });
  simulation.initialize();
  const copy = simulation.instances(0, 'copy');
  simulation.step();
  expect(copy[0]).toBe(simulation.v[7]);
});

test('what stops being a number is found at its site', () => {
  const poison = own(
    'NEURON { SUFFIX poison NONSPECIFIC_CURRENT i } ASSIGNED { v i } BREAKPOINT { i = 1e-3*sqrt(1.0001 - t)*(v + 65) }',
    [6],
  );
  const simulation = createCompiledSimulation(chain([poison]), { dt: 0.025, order: 1, libm: 'native', mode: 'exact' });
  simulation.initialize();
  const run = (): void => {
    for (let step = 0; step < 80; step++) simulation.step();
  };
  expect(run).toThrow(
    expect.toSatisfy((error: unknown) => isTwincellError(error, 'NotFinite') && error.message.includes('node 6')),
  );
});
