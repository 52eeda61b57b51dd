/** Mode fast against mode exact, on random circuits of built-in mechanisms. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCompiledSimulation } from '../../src/solver/compiled/index.ts';
import type { Circuit, Simulation } from '../../src/solver/index.ts';
import { circuits } from '../fixtures/random-circuit.ts';

const OPTIONS = { dt: 0.025, libm: 'native' } as const;
/** Where hh stands in these circuits. */
const HH = 2;

/** Largest difference of any potential at any step, and the largest and lowest potential (mV). */
function compare(one: Simulation, other: Simulation, steps: number) {
  let largest = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < steps; step++) {
    one.step();
    other.step();
    for (const [node, v] of one.v.entries()) {
      high = Math.max(high, v);
      largest = Math.max(largest, Math.abs(v - (other.v[node] as number)));
    }
    if (Number.isNaN(largest)) break;
  }
  return { largest, high };
}

function both(circuit: Circuit, order: 1 | 2, fastError = 1e-9): [exact: Simulation, fast: Simulation] {
  const exact = createCompiledSimulation(circuit, { ...OPTIONS, order, mode: 'exact' });
  const fast = createCompiledSimulation(circuit, { ...OPTIONS, order, mode: 'fast', fastError });
  for (const simulation of [exact, fast]) simulation.initialize();
  return [exact, fast];
}

test.each([1, 2] as const)('order %d: the same potentials, and the same firings', (order) => {
  fc.assert(
    fc.property(circuits(14), (circuit) => {
      const [exact, fast] = both(circuit, order);
      expect(compare(exact, fast, 300).largest).toBeLessThanOrEqual(1e-5);
      for (const netcon of circuit.netcons.keys()) expect(fast.firings(netcon)).toEqual(exact.firings(netcon));
    }),
    { numRuns: 8 },
  );
});

function sample(seed: number): Circuit {
  const [found] = fc.sample(
    circuits(20).filter(({ mechanisms }) => (mechanisms[HH]?.nodes.length ?? 0) > 2),
    { numRuns: 1, seed },
  );
  return found as Circuit;
}

test('tables are used: a larger error is seen', () => {
  const [coarse, fine] = [1e-5, 1e-10].map((error) => compare(...both(sample(1), 1, error), 400).largest);
  // Rounding is some 1e-13 mV.
  expect(coarse).toBeGreaterThan(1e-9);
  expect(fine).toBeLessThan((coarse as number) / 10);
});

test('potentials outside the tables are computed exactly', () => {
  const [exact, fast] = both({ ...sample(1), vInit: 400 }, 1);
  const { largest, high } = compare(exact, fast, 400);
  expect(high).toBeGreaterThan(120);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThanOrEqual(1e-5);
});

test('a second start gives what the first gave', () => {
  const [, fast] = both(sample(1), 2);
  const run = (): Float64Array => {
    fast.initialize();
    for (let step = 0; step < 200; step++) fast.step();
    return fast.v.slice();
  };
  expect(run()).toEqual(run());
});
