/** Every example runs and says what it promises. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import type { ProtocolResult } from '../../examples/hay-protocols.ts';
import '../../examples/own-model/conformance.test.ts';
import { restingPotential } from '../../examples/neuron-live.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-examples-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the first experiment is simulated and read back', () => {
  const args = ['--conditions=twincell-source', 'examples/first-experiment.ts', join(folder, 'first')];
  const said = execFileSync(process.execPath, args, { cwd: packageFolder(), encoding: 'utf8' });
  expect(said).toMatch(/^2 trials of 200 ms; data [0-9a-f]{12}$/m);
  expect(said).toMatch(/^trial 0: \d+ presynaptic spikes, the soma reaches -?\d+\.\d mV$/m);
});

test('NEURON by hand integrates a passive soma as backward Euler does', async () => {
  const { version, mv } = await restingPotential();
  expect(version).toBe('9.0.2');
  // C dv/dt = -g (v - e): 1 µF/cm², 0.001 S/cm², so a time constant of 1 ms; 400 steps of 0.025 ms.
  const exact = -70 + 5 * (1 + 0.025) ** -400;
  expect(mv).toBeCloseTo(exact, 9);
});

test('the published cell does what was measured when current is injected, on both engines alike', () => {
  const args = ['--conditions=twincell-source', 'examples/hay-protocols.ts', '--protocol', 'bAP', '--json'];
  const said = execFileSync(process.execPath, args, { cwd: packageFolder(), encoding: 'utf8', stdio: 'pipe' });
  const { features, maxAbsDiffMv } = JSON.parse(said) as ProtocolResult;
  // The back-propagating spike: three features of the soma, one of each of two places on the apical tree.
  expect(features.map(({ location }) => location)).toEqual(['soma', 'soma', 'soma', 'dend1', 'dend2']);
  for (const { feature, engines, same } of features) {
    expect(same, feature).toBe(true);
    // The release parameters were chosen so that it lies within three standard deviations of the slices.
    expect(Math.abs(engines.solver?.z ?? Number.NaN), feature).toBeLessThan(3);
    expect(engines.solver?.z, feature).toBeCloseTo(engines.neuron?.z ?? Number.NaN, 6);
  }
  expect(Object.keys(maxAbsDiffMv)).toEqual(['bAP.soma', 'bAP.dend1', 'bAP.dend2']);
  for (const difference of Object.values(maxAbsDiffMv)) expect(difference).toBeLessThanOrEqual(1e-7);
});
