/** The commands, run as a user runs them, on the real NEURON. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { createProgram } from '../../src/cli/main.ts';
import { interruptGroup, twincell } from '../fixtures/cli.ts';
import { hasTunableGlibc } from '../fixtures/passive-l5pc.ts';
import { writeSmallModel } from '../fixtures/small-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-e2e-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** sha256 of every file below a folder, by relative name. */
async function hashes(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const pairs = names.map(async (name) => {
    return [
      name.slice(root.length),
      createHash('sha256')
        .update(await readFile(name))
        .digest('hex'),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

describe('every command', () => {
  const commands = createProgram().commands.flatMap((command) => [
    [command.name()],
    ...command.commands.map((inner) => [command.name(), inner.name()]),
  ]);

  test.each(commands.map((words) => words.join(' ')))('%s explains itself', async (words) => {
    const { code, stdout } = await twincell([...words.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: twincell /);
  });

  test('that is unknown, or an option that is, ends with 2 and a hint', async () => {
    expect(await twincell(['simulte'])).toMatchObject({ code: 2, stderr: expect.stringContaining('simulate') });
    expect(await twincell(['simulate', '--trails', '2'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--trials'),
    });
    expect(await twincell(['simulate', '--trials', 'two'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--trials'),
    });
  });
});

describe('crosscheck', () => {
  test.each(['1', '2'])('the passive cell with the paper’s input agrees at order %s', async (order) => {
    const args = [
      'crosscheck',
      '--model',
      'l5pc-bbp',
      '--passive',
      '--trials',
      '2',
      '--seconds',
      '2',
      '--order',
      order,
      '--json',
    ];
    const { code, json, stderr } = await twincell(args);
    expect(stderr).toContain('agrees');
    expect(json).toMatchObject({
      command: 'crosscheck',
      status: 'agrees',
      spikeStepsEqual: true,
      sites: 699,
      samples: 2 * 80_001,
    });
    expect(json.maxAbsDiffMv).toBeLessThanOrEqual(1e-9);
    expect(json.events).toBeGreaterThan(10_000);
    expect(json.voltageRangeMv).toBeGreaterThan(5);
    expect(code).toBe(0);
  });

  test('the active cell agrees, and to the last bit where that can be asked for', async ({ skip }) => {
    const { code, json } = await twincell(['crosscheck', '--seconds', '0.05', '--json']);
    expect(json).toMatchObject({ status: 'agrees', spikeStepsEqual: true, sites: 699, toleranceMv: 1e-7 });
    expect(json.maxAbsDiffMv).toBeLessThanOrEqual(1e-7);
    expect(code).toBe(0);
    if (!hasTunableGlibc()) skip('--bitwise needs Linux on x86-64 with glibc');
    const exact = await twincell(['crosscheck', '--seconds', '0.05', '--order', '2', '--bitwise', '--json']);
    expect(exact.json).toMatchObject({ status: 'agrees', maxAbsDiffMv: 0, toleranceMv: 0 });
    expect(exact.code).toBe(0);
  });

  test('a mechanism that the solver does not run is refused by name', async () => {
    const models = await writeSmallModel(join(folder, 'extracellular'));
    const file = join(models, 'small', 'model.json');
    const card = JSON.parse(await readFile(file, 'utf8'));
    card.regions.soma.mechanisms.extracellular = {};
    await writeFile(file, JSON.stringify(card));
    const args = ['--model', 'small', '--models', models, '--seconds', '0.1', '--json'];
    const { code, json } = await twincell(['crosscheck', ...args]);
    expect(json).toMatchObject({
      status: 'refused',
      maxAbsDiffMv: null,
      refused: { construct: 'mechanism extracellular' },
    });
    expect(code).toBe(2);
  });

  test('without input there is nothing to agree on', async () => {
    const file = join(folder, 'silent.json');
    await writeFile(file, JSON.stringify({ cell: { passive: true }, stimulus: { kind: 'silent' } }));
    const { code, json } = await twincell(['crosscheck', file, '--trials', '1', '--seconds', '0.1', '--json']);
    expect(json).toMatchObject({ status: 'inert', events: 0 });
    expect(code).toBe(1);
  });

  test('a team’s own model, with a mechanism of its own, agrees', async () => {
    const models = await writeSmallModel(join(folder, 'models'));
    const args = ['--model', 'small', '--models', models, '--seconds', '0.3', '--json'];
    const { json } = await twincell(['crosscheck', ...args]);
    expect(json).toMatchObject({ status: 'agrees' });
    expect(json.maxAbsDiffMv).toBeLessThanOrEqual(1e-9);
  });
});

describe('simulate', () => {
  const args = (out: string) => [
    'simulate',
    '--model',
    'l5pc-bbp',
    '--trials',
    '4',
    '--seconds',
    '1',
    '--seed',
    '7',
    '--out',
    out,
  ];

  test('gives the same bytes twice, and also after an interrupt', { timeout: 900_000 }, async () => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    expect((await twincell(args(a))).code).toBe(0);
    // The second is interrupted once its first trial is on disk.
    const stopped = await twincell(args(b), {
      onStart(child) {
        const timer = setInterval(async () => {
          const journal = await readFile(join(b, 'journal.jsonl'), 'utf8').catch(() => '');
          if (!journal.includes('\n')) return;
          clearInterval(timer);
          interruptGroup(child);
        }, 100);
        child.on('exit', () => clearInterval(timer));
      },
    });
    expect(stopped).toMatchObject({ code: 130, orphans: [] });
    expect(stopped.stderr).not.toMatch(/Traceback|\n\s+at /);
    const kept = await hashes(b);
    const trials = Object.keys(kept).filter((name) => name.endsWith('.arrow'));
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.length).toBeLessThan(4);
    const done = (await readFile(join(b, 'journal.jsonl'), 'utf8')).trim().split('\n').length;
    const resumed = await twincell([...args(b), '--json']);
    expect(resumed).toMatchObject({ code: 0, json: { trials: 4 } });
    expect(resumed.stderr).toContain(`${done} of 4 trials were there`);
    expect(await hashes(b)).toEqual(await hashes(a));
  });

  test('the data set verifies, and NumPy reads its export', { timeout: 300_000 }, async () => {
    const data = join(folder, 'a');
    expect(await twincell(['dataset', 'verify', data, '--json'])).toMatchObject({
      code: 0,
      json: { shards: 4, problems: [] },
    });
    const { json: info } = await twincell(['dataset', 'info', data, '--json']);
    const file = join(folder, 'a.npz');
    expect((await twincell(['dataset', 'export', data, '--format', 'npz', '--out', file])).code).toBe(0);
    const { python } = await ensureEnvironment('neuron');
    const script = `
import json, sys
import numpy as np
with np.load(sys.argv[1], allow_pickle=False) as z:
    x, spikes, soma = z["X"], z["spikes"], z["soma"]
print(json.dumps({"x": [list(x.shape), str(x.dtype), int(x.sum())], "spikes": [list(spikes.shape), str(spikes.dtype), int(spikes.sum())],
  "soma": [list(soma.shape), str(soma.dtype), float(soma.min()), float(soma.max())]}))`;
    const read = JSON.parse(execFileSync(python, ['-c', script, file], { encoding: 'utf8' }));
    expect(read.x).toEqual([[4, 2 * 696, 1000], 'bool', info.events]);
    expect(read.spikes).toEqual([[4, 1000], 'bool', info.spikes]);
    expect(read.soma.slice(0, 2)).toEqual([[4, 1000], 'float32']);
    expect(read.soma[2]).toBeGreaterThan(-100);
    expect(read.soma[3]).toBeLessThan(60);
  });

  test('a shard whose bytes changed is named by verify', async () => {
    const file = join(folder, 'a', 'trials', '000002.arrow');
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    await writeFile(file, bytes);
    const { code, stdout } = await twincell(['dataset', 'verify', join(folder, 'a')]);
    expect(code).toBe(2);
    expect(stdout).toContain('000002.arrow');
  });
});
