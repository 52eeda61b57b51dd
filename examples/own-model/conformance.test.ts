/**
 * A team's conformance test: does an independent solver agree with NEURON on our own cell?
 *
 *     npx vitest run conformance.test.ts
 */
import { fileURLToPath } from 'node:url';
import { defineExperiment } from 'twincell';
import 'twincell/vitest';
import { expect, test } from 'vitest';

/** The folder that holds our models, each in a folder with its model.json. */
const models = fileURLToPath(new URL('.', import.meta.url));

test('our cell with its own channel and its synapses agrees with NEURON', { timeout: 600_000 }, async () => {
  const experiment = defineExperiment({
    seed: 7,
    cell: { model: 'small' },
    simulation: { trials: 2, seconds: 0.5 },
  });
  // Every compartment at every time step, in mV.
  await expect(experiment).toAgreeWithNeuron({ models, toleranceMv: 1e-9 });
});
