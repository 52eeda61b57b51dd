/**
 * The full active cell, all its synapses under the paper's input, every compartment at every step: NEURON against the
 * solver. NEURON's C library is told to use no fused operations, as the solver's glibc functions use none; then not a bit
 * may differ.
 */
import { describe, expect, test } from 'vitest';
import { type CrosscheckResult, crosscheck } from '../../src/crosscheck/index.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { crosscheckExperiment } from '../../src/launch/crosscheck.ts';
import { prepare } from '../../src/launch/prepare.ts';
import { MODELS, noHayMorphology } from '../fixtures/direct-l5pc.ts';
import { hasTunableGlibc } from '../fixtures/passive-l5pc.ts';

interface Run {
  readonly model: 'l5pc-bbp' | 'l5pc-hay';
  readonly condition: 'NMDA' | 'AMPA' | 'AMPA_SK';
  readonly order: 1 | 2;
  readonly seed: number;
  readonly seconds: number;
  readonly trials?: number;
}

function compare(run: Run, arithmetic: { bitwise?: boolean; libm?: 'glibc' | 'native' }): Promise<CrosscheckResult> {
  const { model, condition, order, seed, seconds, trials = 1 } = run;
  const experiment = defineExperiment({
    seed,
    cell: { model, condition },
    simulation: { trials, seconds, order },
  });
  const models = model === 'l5pc-hay' ? { models: `${MODELS}/hay2011` } : {};
  return crosscheckExperiment(experiment, { ...models, ...arithmetic });
}

/** Equal to the last bit, where something happened. */
function expectSameBits(result: CrosscheckResult, spikes: number): void {
  expect(result).toMatchObject({ status: 'agrees', maxAbsDiffMv: 0, rmsDiffMv: 0, spikeStepsEqual: true, first: null });
  expect(result.toleranceMv).toBe(0);
  expect(result.events).toBeGreaterThan(1000);
  expect(result.spikes).toBeGreaterThanOrEqual(spikes);
  expect(result.voltageRangeMv).toBeGreaterThan(spikes > 0 ? 90 : 20);
}

describe.skipIf(!hasTunableGlibc())('to the last bit (Linux on x86-64 with glibc)', () => {
  test.each([1, 2] as const)('the bbp cell, 225 ms with output spikes, order %d', async (order) => {
    const run: Run = { model: 'l5pc-bbp', condition: 'NMDA', order, seed: 1, seconds: 0.225 };
    expectSameBits(await compare(run, { bitwise: true }), 1);
  });

  test.each(['AMPA', 'AMPA_SK'] as const)('the bbp cell under %s, two trials', async (condition) => {
    const run: Run = { model: 'l5pc-bbp', condition, order: 2, seed: 2, seconds: 0.05, trials: 2 };
    expectSameBits(await compare(run, { bitwise: true }), 0);
  });

  test.each([1, 2] as const)('clamps in the soma, several at once, and in the nexus, order %d', async (order) => {
    const simulation = { trials: 1, seconds: 0.04, order } as const;
    const prepared = await prepare(defineExperiment({ seed: 1, cell: { model: 'l5pc-bbp' }, simulation }));
    const reference = prepared.createEngine('neuron', 1, { bitwise: true });
    const other = prepared.createEngine('solver', 1, { libm: 'glibc' });
    const clamps = [
      { site: 'soma', delayMs: 5.0001, durationMs: 20, amplitudeNa: 1.9 },
      { site: 'soma', delayMs: 7, durationMs: 10, amplitudeNa: 0.3337 },
      { site: 'soma', delayMs: 6, durationMs: 10, amplitudeNa: 0.777 },
      { site: 'nexus', delayMs: 10, durationMs: 5, amplitudeNa: 0.7 },
    ] as const;
    try {
      const result = await crosscheck({
        reference,
        other,
        cell: prepared.cell,
        trials: (snapshot) => [{ ...prepared.trial(snapshot, 0), clamps }],
        dt: 0.025,
        order,
        steps: 1600,
        toleranceMv: 0,
      });
      expect(result).toMatchObject({ status: 'agrees', maxAbsDiffMv: 0, first: null });
      expect(result.spikes).toBeGreaterThanOrEqual(1);
    } finally {
      await Promise.all([reference.close(), other.close()]);
    }
  });

  test('the hay cell', async ({ skip }) => {
    if (noHayMorphology !== null) skip(noHayMorphology);
    const run: Run = { model: 'l5pc-hay', condition: 'NMDA', order: 1, seed: 3, seconds: 0.1 };
    expectSameBits(await compare(run, { bitwise: true }), 0);
  });
});

test('with the machine’s own exp the bits differ, and no more than rounding explains', async () => {
  const run: Run = { model: 'l5pc-bbp', condition: 'NMDA', order: 1, seed: 1, seconds: 0.225 };
  const result = await compare(run, { libm: 'native' });
  expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true });
  expect(result.spikes).toBeGreaterThanOrEqual(1);
  expect(result.maxAbsDiffMv).toBeGreaterThan(0);
  expect(result.maxAbsDiffMv).toBeLessThanOrEqual(1e-7);
});
