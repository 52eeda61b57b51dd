/**
 * Does an independent solver agree with NEURON on our own cell, and does the cell still do what it did?
 *
 *     npm test
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineExperiment, openDataset, simulate } from 'twincell';
import 'twincell/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The folder that holds our models, each in a folder with its model.json. */
const models = fileURLToPath(new URL('../models', import.meta.url));

const experiment = defineExperiment({
  name: 'stellate',
  seed: 7,
  cell: { model: 'stellate' },
  simulation: { trials: 1, seconds: 0.5, dt: 0.025, order: 2 },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stellate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every compartment agrees with NEURON at every time step', async () => {
  await expect(experiment).toAgreeWithNeuron({ models, toleranceMv: 1e-7 });
});

test('half the time step moves no spike by more than a millisecond', async () => {
  const soma = async (dt: number) => {
    const out = join(folder, `step-${dt}`);
    await simulate({ ...experiment, simulation: { ...experiment.simulation, dt } }, { models, out });
    const { readTrial } = await openDataset(out);
    return { dtMs: 1, mv: (await readTrial(0)).soma };
  };
  expect(await soma(0.025)).toMatchTrace(await soma(0.0125), { spikeShiftMs: 1 });
});
