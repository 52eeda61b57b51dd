/**
 * Small networks drawn at random, every variable of every mechanism at every step and the time of every event, NEURON
 * against the solver to the last bit: several cells, synapses that share a node, clamps, artificial cells, thresholds,
 * delays, and many events at equal times.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { createNeuronProbes, type NeuronProbes, type ProbeRecord } from '../../src/crosscheck/mechanism/neuron-side.ts';
import type { Probe } from '../../src/crosscheck/mechanism/protocol.ts';
import { runInSolver } from '../../src/crosscheck/mechanism/solver-side.ts';
import type { CompiledKernel } from '../../src/kernel/index.ts';
import { compileSources } from '../../src/solver/index.ts';
import { hasTunableGlibc } from '../fixtures/passive-l5pc.ts';

let probes: NeuronProbes;
beforeAll(async () => {
  const { python } = await ensureEnvironment('neuron');
  probes = createNeuronProbes({ python, library: null, drives: null });
});
afterAll(() => probes.close());

const { kernels } = compileSources([]);
const kernelNamed = (name: string): CompiledKernel => {
  const kernel = kernels.get(name);
  if (kernel === undefined) throw new Error(`there is no mechanism ${name}`);
  return kernel;
};

/** Three cells: a soma with hh, and a dendrite of three segments on each. */
const SOMA = { L: 30, diam: 20, nseg: 1, Ra: 100, cm: 1, parent: null };
const SECTIONS = [0, 1, 2, 3, 4, 5].map((k) =>
  k < 3 ? SOMA : { L: 200, diam: 2, nseg: 3, Ra: 100, cm: 1, parent: { section: k - 3, x: 1 } },
);
const SYNAPSES = 6;
/** Place of the APCount, behind the synapses and a clamp. */
const COUNTER = SYNAPSES + 1;

type Point = Probe['points'][number];
const index = (count: number) => fc.integer({ min: 0, max: count - 1 });
const place = fc.record({ section: index(6), x: fc.constantFrom(0.1, 0.5, 0.9) });
const synapse = fc
  .tuple(fc.constantFrom('ExpSyn', 'Exp2Syn'), place)
  .map(([mechanism, at]): Point => ({ mechanism, ...at, parameters: {} }));
const electrode = fc.oneof(
  fc.constant<Point>({ mechanism: 'AlphaSynapse', section: 1, x: 0.5, parameters: { onset: 2, gmax: 0.01 } }),
  fc.constant<Point>({
    mechanism: 'SEClamp',
    section: 2,
    x: 0.5,
    parameters: { dur1: 2, amp1: -60, dur2: 3, amp2: -20, dur3: 5, amp3: -70, rs: 1 },
  }),
);
const train: fc.Arbitrary<Record<string, number>> = fc.record({
  interval: fc.constantFrom(0.5, 1, 2, 3.3),
  number: fc.constant(20),
  start: fc.constantFrom(0, 0.5, 1),
  noise: fc.constantFrom(0, 0, 0.5, 1),
});
const CELLS = 6;
const cells = fc
  .tuple(
    fc.array(train, { minLength: 2, maxLength: 2 }),
    fc.array(fc.constantFrom('IntFire1', 'IntFire2', 'IntFire4'), { minLength: 4, maxLength: 4 }),
  )
  .map(([trains, fire]): Probe['cells'] => [
    ...trains.map((parameters) => ({ mechanism: 'NetStim', parameters })),
    ...fire.map((mechanism) => ({ mechanism, parameters: {} })),
  ]);
const source = fc.oneof<fc.Arbitrary<Probe['connections'][number]['source']>[]>(
  fc.record({ cell: index(CELLS) }),
  fc.record({ section: index(3), x: fc.constant(0.5), threshold: fc.constantFrom(-20, 0) }),
  fc.constant({ point: COUNTER }),
  fc.constantFrom({ times: [0, 0.5, 1, 1, 2.5, 7] }, { times: [1, 1, 3] }),
);
const target = fc.oneof<fc.Arbitrary<Probe['connections'][number]['target']>[]>(
  fc.record({ point: index(SYNAPSES) }),
  fc.record({ cell: index(CELLS) }),
);
const connection = fc.record({
  source,
  target,
  delay: fc.constantFrom(0, 0.3, 0.5, 1, 1, 2),
  weights: fc.constantFrom(0.01, 0.03, 0.5, -0.1).map((weight) => [weight]),
});

const networks: fc.Arbitrary<Probe> = fc
  .record({
    celsius: fc.constantFrom(6.3, 20),
    dt: fc.constantFrom(0.025, 0.05, 0.1),
    order: fc.constantFrom(1 as const, 2 as const),
    synapses: fc.array(synapse, { minLength: SYNAPSES, maxLength: SYNAPSES }),
    electrodes: fc.array(electrode, { maxLength: 1 }),
    cells,
    connections: fc.array(connection, { minLength: 20, maxLength: 25 }),
  })
  .map(({ synapses, electrodes, ...rest }) => {
    const points: Point[] = [
      ...synapses,
      { mechanism: 'IClamp', section: 0, x: 0.5, parameters: { del: 1, dur: 5, amp: 1 } },
      { mechanism: 'APCount', section: 1, x: 0.5, parameters: {} },
      ...electrodes,
    ];
    const densities = [
      { mechanism: 'hh', sections: [0, 1, 2], parameters: {} },
      { mechanism: 'pas', sections: [3, 4, 5], parameters: {} },
    ];
    return {
      ...rest,
      vInit: -65,
      steps: 300,
      sections: SECTIONS,
      densities,
      points,
      globals: [],
      ions: [],
      pointers: [],
      tables: [],
      randoms: [],
      record: [...new Set([...densities, ...points, ...rest.cells].map(({ mechanism }) => mechanism))],
      timeoutSeconds: 60,
    };
  });

async function runInNeuron(probe: Probe): Promise<ProbeRecord> {
  const record = await probes.run(probe);
  if (record.status !== 'ran') throw new Error(`NEURON: ${record.message}`);
  return record;
}

describe.skipIf(!hasTunableGlibc())('to the last bit (Linux on x86-64 with glibc)', () => {
  test('random networks are NEURON’s in every variable, step and event', async () => {
    let events = 0;
    let highest = -65;
    await fc.assert(
      fc.asyncProperty(networks, async (probe) => {
        const expected = await runInNeuron(probe);
        const found = runInSolver(probe, expected, kernelNamed, 'glibc');
        const width = expected.columns.length;
        expect([...found.missing].map((column) => expected.columns[column])).toEqual([]);
        const wrong = expected.samples.findIndex(
          (value, k) => !Object.is(value, found.samples[k]) && value !== found.samples[k],
        );
        const where = { ...expected.columns[wrong % width], step: Math.floor(wrong / width) };
        expect(wrong, JSON.stringify(where)).toBe(-1);
        expect(found.events).toEqual(expected.events.map(({ times }) => [...times]));
        events += found.events.reduce((sum, times) => sum + times.length, 0);
        for (let k = 0; k < expected.samples.length; k += width)
          highest = Math.max(highest, expected.samples[k] as number);
      }),
      { numRuns: 25, seed: 11 },
    );
    expect(events).toBeGreaterThan(100);
    // A soma spiked.
    expect(highest).toBeGreaterThan(0);
  });
});
