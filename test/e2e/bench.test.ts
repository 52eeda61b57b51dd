/** The bench runs from its command line and says what it promises; how fast anything is, is not tested. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { BenchResult } from '../bench/result.ts';

const run = promisify(execFile);
const PROGRAM = join(packageFolder(), 'test', 'bench', 'run.ts');

async function bench(...args: readonly string[]): Promise<string> {
  const node = ['--conditions=twincell-source', PROGRAM, ...args];
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
