/** Every example runs and says what it promises. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
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
