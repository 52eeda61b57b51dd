/**
 * The full active cell with all its synapses under the paper's input, every compartment at every step: mode fast against mode
 * exact, whose own distance from NEURON solver-exact.test.ts has.
 */
import { describe, expect, test } from 'vitest';
import { defineExperiment } from '../../src/experiment/index.ts';
import { crosscheckExperiment } from '../../src/launch/crosscheck.ts';
import { MODELS, noHayMorphology } from '../fixtures/direct-l5pc.ts';

const experiment = (order: 1 | 2, seconds = 0.225, model: 'l5pc-bbp' | 'l5pc-hay' = 'l5pc-bbp') =>
  defineExperiment({ seed: 1, cell: { model }, simulation: { trials: 1, seconds, order, dt: 0.025 } });

describe.each([1, 2] as const)('the bbp cell, 225 ms with an output spike, order %d', (order) => {
  test('is within 1e-5 mV of mode exact, spikes at the same steps', async () => {
    const result = await crosscheckExperiment(experiment(order), { mode: 'fast', toleranceMv: 1e-5 });
    expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true });
    expect(result.spikes).toBeGreaterThanOrEqual(1);
    expect(result.events).toBeGreaterThan(1000);
  });
});

test('the error that is asked for decides how far it is from mode exact', async () => {
  const [coarse, fine] = [1e-7, 1e-10].map((fastError) =>
    crosscheckExperiment(experiment(1), { mode: 'fast', fastError, toleranceMv: 1 }),
  );
  const [far, near] = [(await coarse)?.maxAbsDiffMv ?? 0, (await fine)?.maxAbsDiffMv ?? 0];
  // Were the tables not used, both would be rounding.
  expect(far).toBeGreaterThan(1e-8);
  expect(near).toBeLessThan(far / 10);
});

test('the hay cell, with calcium, is within 1e-5 mV of mode exact', async ({ skip }) => {
  if (noHayMorphology !== null) skip(noHayMorphology);
  const result = await crosscheckExperiment(experiment(2, 0.1, 'l5pc-hay'), {
    mode: 'fast',
    models: `${MODELS}/hay2011`,
    toleranceMv: 1e-5,
  });
  expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true });
  expect(result.voltageRangeMv).toBeGreaterThan(20);
});

test('an error of tables is of mode fast alone', async () => {
  await expect(crosscheckExperiment(experiment(1), { fastError: 1e-8 })).rejects.toThrow(/mode reference has none/);
  await expect(crosscheckExperiment(experiment(1), { mode: 'fast', fastError: 1 })).rejects.toThrow(/relative error/);
});
