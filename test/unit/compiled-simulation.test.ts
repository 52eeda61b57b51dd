/** Compiled simulations against the reference, on random circuits of built-in mechanisms. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { createCompiledSimulation } from '../../src/solver/compiled/index.ts';
import { type Circuit, createSimulation, type Simulation } from '../../src/solver/index.ts';
import { circuits } from '../fixtures/random-circuit.ts';

const DT = 0.025;
/** Where hh stands in these circuits. */
const HH = 2;

/** Largest difference of any potential at any step (mV). */
function difference(one: Simulation, other: Simulation, steps: number): number {
  let largest = 0;
  for (let step = 0; step <= steps; step++) {
    if (step > 0) for (const simulation of [one, other]) simulation.step();
    for (const [node, v] of one.v.entries()) largest = Math.max(largest, Math.abs(v - (other.v[node] as number)));
    if (Number.isNaN(largest)) return largest;
  }
  return largest;
}

describe.each([1, 2] as const)('order %d', (order) => {
  test.each(['javascript', 'compiled'] as const)('%s kernels give the same potentials', (kernels) => {
    fc.assert(
      fc.property(circuits(14), (circuit) => {
        const options = { dt: DT, order, libm: 'native' } as const;
        const reference = createSimulation(circuit, options);
        const compiled = createCompiledSimulation(circuit, { ...options, mode: 'exact', kernels });
        reference.initialize();
        compiled.initialize();
        expect(difference(reference, compiled, 300)).toBeLessThanOrEqual(1e-9);
        expect(compiled.t).toBe(reference.t);
        for (const netcon of circuit.netcons.keys()) {
          expect(compiled.firings(netcon)).toEqual(reference.firings(netcon));
        }
      }),
      { numRuns: 12 },
    );
  });
});

function sample(seed: number): Circuit {
  const [found] = fc.sample(
    circuits(20).filter(({ mechanisms }) => (mechanisms[HH]?.nodes.length ?? 0) > 2),
    { numRuns: 1, seed },
  );
  return found as Circuit;
}

const EXACT = { dt: DT, order: 2, libm: 'native', mode: 'exact' } as const;

test('steps bring up to date what is to be shown, a start everything', () => {
  const circuit = sample(1);
  const [all, some] = [
    createCompiledSimulation(circuit, EXACT),
    createCompiledSimulation(circuit, { ...EXACT, shown: [2] }),
  ];
  for (const simulation of [all, some]) {
    simulation.initialize();
    for (let step = 0; step < 50; step++) simulation.step();
  }
  expect(some.v[2]).toBe(all.v[2]);
  expect(all.v[2]).not.toBe(circuit.vInit);
  expect([...some.v].filter((_, node) => node !== 2)).toEqual(Array(circuit.nodes - 1).fill(circuit.vInit));
});

test('a second start gives what the first gave', () => {
  const simulation = createCompiledSimulation(sample(1), EXACT);
  const run = (): Float64Array => {
    simulation.initialize();
    for (let step = 0; step < 200; step++) simulation.step();
    return simulation.v.slice();
  };
  expect(run()).toEqual(run());
});

test('code whose vectors V8 may join gives the same bits', () => {
  const plain = createCompiledSimulation(sample(1), EXACT);
  const pairable = createCompiledSimulation(sample(1), { ...EXACT, pairable: true });
  for (const simulation of [plain, pairable]) {
    simulation.initialize();
    for (let k = 0; k < 200; k++) simulation.step();
  }
  expect(pairable.v).toEqual(plain.v);
});

test('fields and ions are seen in the caller’s order, and follow the steps', () => {
  const circuit = sample(2);
  const reference = createSimulation(circuit, EXACT);
  const compiled = createCompiledSimulation(circuit, EXACT);
  const seen = [reference, compiled].map((simulation) => ({
    m: simulation.instances(HH, 'm'),
    gna: simulation.instances(HH, 'gna'),
    ina: simulation.ion('na').current,
  }));
  for (const simulation of [reference, compiled]) {
    simulation.initialize();
    for (let step = 0; step < 100; step++) simulation.step();
  }
  const [expected, actual] = seen;
  expect(expected?.m.length).toBeGreaterThan(2);
  for (const name of ['m', 'gna', 'ina'] as const) {
    for (const [k, value] of (expected?.[name] ?? []).entries()) expect(actual?.[name][k]).toBeCloseTo(value, 9);
  }
});

test('a field that steps leave out is refused after the start, by name', () => {
  const simulation = createCompiledSimulation(sample(2), EXACT);
  simulation.initialize();
  expect(() => simulation.instances(HH, 'gna')).toThrow(
    expect.toSatisfy((error: unknown) => isTwincellError(error, 'Usage') && error.message.includes('hh.gna')),
  );
});

test('parameters set between two starts hold for the second, those too that code was made for', () => {
  const circuit = sample(3);
  const both = [createSimulation(circuit, EXACT), createCompiledSimulation(circuit, EXACT)] as const;
  const [reference, compiled] = both;
  const views = both.flatMap((simulation) => ['gnabar', 'gkbar'].map((name) => simulation.instances(HH, name)));
  for (const simulation of both) simulation.initialize();
  const before = difference(reference, compiled, 100);
  for (const view of views) for (const k of view.keys()) view[k] = 0.05 + 0.01 * k;
  for (const simulation of both) simulation.initialize();
  expect(Math.max(before, difference(reference, compiled, 100))).toBeLessThanOrEqual(1e-9);
});
