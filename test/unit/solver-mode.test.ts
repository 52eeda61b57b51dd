/** Modes of the solver: what is asked for runs, or says why not. */
import { expect, test } from 'vitest';
import { createSolverEngine } from '../../src/engine/solver.ts';
import { isTwincellError } from '../../src/errors.ts';
import { dataIdentity, defineExperiment } from '../../src/experiment/index.ts';
import { assertModeFits, prepare } from '../../src/launch/prepare.ts';
import { createSolver, FAST_TOLERANCE, PAPER_SYNAPSES, type SolverMode } from '../../src/solver/index.ts';
import { OWN_MECHANISMS } from '../fixtures/own-mechanisms.ts';
import { cellOfNodes, type NodeShape } from '../fixtures/synthetic-cell.ts';

const node = (parent: number, cm: number, dendrite: number): NodeShape => ({
  parent,
  area: 300,
  resistance: 20,
  cm,
  g: 1e-4,
  e: -70,
  dendrite,
});
const CELL = cellOfNodes([node(-1, 0, -1), node(0, 1, -1), node(1, 1, 0), node(1, 2, 1), node(2, 1, 2)]);
const EVENTS = {
  dendrites: 3,
  time: Float64Array.of(1, 1.5, 2, 30),
  channel: Int32Array.of(0, 4, 1, 2),
};

const usage = expect.toSatisfy((error: unknown) => isTwincellError(error, 'Usage'));

test('compiled modes have no glibc', () => {
  const engine = (mode: SolverMode, libm?: 'glibc') =>
    createSolverEngine({ describe: async () => CELL, mode, ...(libm ? { libm } : {}) });
  expect(() => engine('exact', 'glibc')).toThrow(usage);
  expect(() => engine('fast', 'glibc')).toThrow(usage);
  expect(engine('fast').name).toBe('solver');
  expect(engine('exact').name).toBe('solver');
});

test('mode exact gives the potentials of mode reference under synapses with NMDA', () => {
  for (const order of [1, 2] as const) {
    const [reference, exact] = (['reference', 'exact'] as const).map((mode) =>
      createSolver(CELL, { dt: 0.025, order, mode, synapses: PAPER_SYNAPSES, mechanisms: OWN_MECHANISMS }),
    );
    if (reference === undefined || exact === undefined) throw new Error('a solver is missing');
    reference.initialize(EVENTS);
    exact.initialize(EVENTS);
    let moved = 0;
    for (let step = 0; step < 2000; step++) {
      reference.step();
      exact.step();
      for (const [k, v] of reference.v.entries()) {
        moved = Math.max(moved, Math.abs(v - CELL.vInit));
        expect(Math.abs(v - (exact.v[k] as number))).toBeLessThanOrEqual(1e-9);
      }
    }
    expect(moved).toBeGreaterThan(1);
  }
});

test('a mode of the solver does not go with an experiment that runs on NEURON', () => {
  const check = (engine: 'neuron' | 'solver', mode?: SolverMode) => () =>
    assertModeFits({ experiment: defineExperiment({ simulation: { engine } }), options: mode ? { mode } : {} });
  expect(check('neuron', 'exact')).toThrow(usage);
  expect(check('neuron', 'fast')).toThrow(usage);
  expect(check('neuron')).not.toThrow();
  expect(check('solver', 'exact')).not.toThrow();
  expect(check('solver', 'fast')).not.toThrow();
});

test('data of one mode or libm are not continued in another', async () => {
  interface Arithmetic {
    mode?: SolverMode;
    libm?: 'glibc' | 'native';
    fastError?: number;
  }
  const identity = async (engine: 'neuron' | 'solver', options: Arithmetic) => {
    const experiment = defineExperiment({ cell: { model: 'small' }, simulation: { engine } });
    const prepared = await prepare(experiment, { models: 'examples/own-model', ...options });
    return dataIdentity(experiment, prepared.dependencies);
  };
  const reference = await identity('solver', {});
  expect(await identity('solver', { mode: 'reference', libm: 'native' })).toBe(reference);
  expect(await identity('solver', { mode: 'exact' })).not.toBe(reference);
  expect(await identity('solver', { libm: 'glibc' })).not.toBe(reference);
  const fast = await identity('solver', { mode: 'fast' });
  expect(fast).not.toBe(await identity('solver', { mode: 'exact' }));
  expect(await identity('solver', { mode: 'fast', fastError: FAST_TOLERANCE })).toBe(fast);
  expect(await identity('solver', { mode: 'fast', fastError: 1e-8 })).not.toBe(fast);
  expect(await identity('neuron', {})).not.toBe(reference);
});
