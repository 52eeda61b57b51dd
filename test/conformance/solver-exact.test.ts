/**
 * The full active cell with all its synapses under the paper's input, every compartment at every step: mode exact against
 * mode reference and against NEURON.
 */
import { describe, expect, test } from 'vitest';
import { crosscheck } from '../../src/crosscheck/index.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { crosscheckExperiment } from '../../src/launch/crosscheck.ts';
import { prepare } from '../../src/launch/prepare.ts';
import { MODELS, noHayMorphology } from '../fixtures/direct-l5pc.ts';

const DT = 0.025;

const experiment = (order: 1 | 2, seconds = 0.225, model: 'l5pc-bbp' | 'l5pc-hay' = 'l5pc-bbp') =>
  defineExperiment({ seed: 1, cell: { model }, simulation: { trials: 1, seconds, order, dt: DT } });

describe.each([1, 2] as const)('the bbp cell, 225 ms with an output spike, order %d', (order) => {
  test('is within 1e-6 mV of mode reference, spikes at the same steps', async () => {
    const prepared = await prepare(experiment(order));
    const [reference, other] = (['reference', 'exact'] as const).map((mode) =>
      prepared.createEngine('solver', 1, { mode }),
    );
    if (reference === undefined || other === undefined) throw new Error('an engine is missing');
    try {
      const result = await crosscheck({
        reference,
        other,
        cell: prepared.cell,
        trials: (snapshot) => [prepared.trial(snapshot, 0)],
        dt: DT,
        order,
        steps: 9000,
        toleranceMv: 1e-6,
      });
      expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true });
      expect(result.spikes).toBeGreaterThanOrEqual(1);
      // It is another computation: were it the same code, the bits would be the same.
      expect(result.maxAbsDiffMv).toBeGreaterThan(0);
    } finally {
      await Promise.all([reference.close(), other.close()]);
    }
  });

  test('is within 1e-6 mV of NEURON, spikes at the same steps', async () => {
    const result = await crosscheckExperiment(experiment(order), { mode: 'exact' });
    expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true, toleranceMv: 1e-6 });
    expect(result.spikes).toBeGreaterThanOrEqual(1);
    expect(result.events).toBeGreaterThan(1000);
  });
});

test('the hay cell is within 1e-6 mV of NEURON', async ({ skip }) => {
  if (noHayMorphology !== null) skip(noHayMorphology);
  const result = await crosscheckExperiment(experiment(2, 0.1, 'l5pc-hay'), {
    mode: 'exact',
    models: `${MODELS}/hay2011`,
  });
  expect(result).toMatchObject({ status: 'agrees', spikeStepsEqual: true });
  expect(result.voltageRangeMv).toBeGreaterThan(20);
});

test('comparison to the last bit is of mode reference alone', async () => {
  await expect(crosscheckExperiment(experiment(1), { mode: 'exact', bitwise: true })).rejects.toThrow(/last bit/);
  await expect(crosscheckExperiment(experiment(1), { mode: 'exact', libm: 'glibc' })).rejects.toThrow(
    /exp, log and pow/,
  );
});
