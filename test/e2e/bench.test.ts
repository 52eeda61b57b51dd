/** The bench runs from its command line and says what it promises; how fast anything is, is not tested. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import type { KindOperations } from '../bench/profile-compiled.ts';
import { BenchResult } from '../bench/result.ts';

const run = promisify(execFile);

async function bench(...args: readonly string[]): Promise<string> {
  return program('run.ts', args);
}

async function program(name: string, args: readonly string[]): Promise<string> {
  const node = ['--conditions=twincell-source', join(packageFolder(), 'test', 'bench', name), ...args];
  return (await run(process.execPath, node, { maxBuffer: 2 ** 26 })).stdout;
}

describe('npm run bench', () => {
  let result: BenchResult;

  beforeAll(async () => {
    const small = ['--quick', '--json', '--seconds', '0.01', '--repetitions', '2', '--only', 'javascript,exact,fast'];
    result = JSON.parse(await bench(...small)) as BenchResult;
  });

  it('prints one object of the promised shape', () => {
    expect([...Value.Errors(BenchResult, result)]).toEqual([]);
  });

  it('has who was asked for, and NEURON', () => {
    expect(Object.keys(result.contestants)).toEqual(['neuron', 'javascript', 'exact', 'fast']);
    expect(result.leftOut).toEqual({});
    expect(result.scaling).toBeNull();
  });

  it('measures all on the same cell, and divides by its compartments', () => {
    for (const entry of Object.values(result.contestants)) expect(entry.compartments).toBe(result.compartments);
    const { neuron = Number.NaN, ...others } = result.nsPerCompartmentStep;
    const ratios = Object.entries(others).map(([name, ns]) => [name, neuron / ns]);
    expect(result.speedupOverNeuron).toEqual(Object.fromEntries(ratios));
  });

  it('refuses an option that there is not', async () => {
    await expect(bench('--fastest')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--fastest') });
  });
});

describe('the profile', () => {
  const profile = async (...args: readonly string[]) =>
    JSON.parse(await program('profile.ts', [...args, '--json', '--seconds', '0.02', '--repetitions', '1']));

  it('has every mode, the parts of its step and what they belong to', async () => {
    const { modes } = await profile();
    expect(Object.keys(modes).sort()).toEqual(['exact', 'fast', 'reference']);
    const parts = ['events', 'currents', 'eliminate', 'substitute', 'states', 'publish'];
    for (const mode of ['exact', 'fast']) expect(Object.keys(modes[mode].variants.full.parts)).toEqual(parts);
    expect(Object.keys(modes.exact.passes)).toContain('  of channels');
    expect(modes.fast.passes['state, tables']).toBeGreaterThan(0);
    const { mechanisms } = modes.reference;
    // Ih has a current and states, pas no state, and CaDynamics_E2 no current.
    expect(mechanisms.Ih).toEqual({ current: expect.any(Number), state: expect.any(Number) });
    expect([mechanisms.pas.state, mechanisms.CaDynamics_E2.current]).toEqual([0, 0]);
    for (const name of Object.keys(mechanisms))
      expect(modes.exact.kinds.flatMap((one: KindOperations) => one.mechanisms)).toContain(name);
  });

  it('refuses a mode that there is not, and a trial that ends while code is still compiled', async () => {
    await expect(profile('--mode', 'exact,quick')).rejects.toMatchObject({ stderr: expect.stringContaining('quick') });
    const short = program('profile.ts', ['--seconds', '0.01', '--mode', 'exact']);
    await expect(short).rejects.toMatchObject({ stderr: expect.stringContaining('--seconds') });
  });
});
