/** A data set that mode exact makes of the active cell, and the share of it that NEURON itself runs again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAgrees, openDataset, verifyDataset } from '../../src/dataset/index.ts';
import { twincell } from '../fixtures/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-neuron-share-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the bbp cell’s spikes are at NEURON’s steps, and its potentials within 1e-6 mV everywhere', async () => {
  const out = join(folder, 'bbp');
  const args = ['--engine', 'solver', '--mode', 'exact', '--trials', '3', '--seconds', '0.225', '--seed', '1'];
  const result = await twincell(['simulate', ...args, '--out', out, '--json']);
  expect(result.stderr).not.toContain('warning');
  expect(result.code).toBe(0);
  const dataset = await openDataset(out);
  expect(await verifyDataset(dataset)).toEqual([]);
  const { neuron } = dataset.manifest;
  expect(neuron).toMatchObject({ share: 0.02, toleranceMv: 1e-6, trials: [{ trial: 0 }] });
  const [check] = neuron?.trials ?? [];
  if (check === undefined) throw new Error('no trial was run again');
  expect(checkAgrees(check, 1e-6)).toBe(true);
  expect(check.spikes).toBeGreaterThanOrEqual(1);
  expect(check.spikes).toBe(dataset.manifest.shards[0]?.spikes);
  // NEURON's is another computation: were it the same code, the bits would be the same.
  expect(check.maxAbsDiffMv).toBeGreaterThan(0);
  expect(result.json.neuron).toMatchObject({ trials: 1, agrees: true, maxAbsDiffMv: check.maxAbsDiffMv });
});
