/** What an export, a check or a folder refuses, and that each stops when asked to. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Dataset,
  exportNpz,
  openDataset,
  openWriter,
  requireOwnFolder,
  type Shard,
  verifyDataset,
} from '../../src/dataset/index.ts';
import { defineExperiment } from '../../src/experiment/index.ts';

const IDENTITY = 'a'.repeat(64);
const MS = 4;

let folder: string;
let dataset: Dataset;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-export-'));
  const writer = await openWriter(join(folder, 'data'), {
    format: 'twincell-dataset/1',
    identity: IDENTITY,
    experiment: defineExperiment({ simulation: { trials: 3, seconds: 0.004 } }),
    dependencies: { modelFiles: {}, locks: {}, code: '1' },
    dendrites: 2,
    dendriteLength: [1, 2],
    dendriteRegion: ['basal', 'apical'],
    trialMs: MS,
  });
  for (const trial of [0, 1, 2]) {
    await writer.commit({
      trial,
      durationMs: MS,
      events: { dendrites: 2, channel: Int32Array.of(3), time: Float64Array.of(1) },
      somaHigh: new Float32Array(8 * MS),
      nexusHigh: new Float32Array(8 * MS),
      soma: new Float32Array(MS),
      nexus: new Float32Array(MS),
      spikes: Float64Array.of(2.125),
    });
  }
  await writer.finish();
  dataset = await openDataset(join(folder, 'data'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an export', () => {
  test('into a folder that is not there is refused by its path', async () => {
    const file = join(folder, 'nowhere', 'data.npz');
    await expect(exportNpz(dataset, file)).rejects.toMatchObject({
      tag: 'Usage',
      message: `cannot write ${file}: its folder does not exist`,
    });
  });

  test('that no zip archive would hold is refused before anything is written', async () => {
    // 128 trials of 6 s of the paper's cell: 128 · 1278 · 6000 bytes are 0.98 GB; 561 trials pass 2^32.
    const many = (trials: number): Dataset => ({
      ...dataset,
      manifest: {
        ...dataset.manifest,
        dendrites: 639,
        trialMs: 6000,
        shards: Array.from({ length: trials }, () => dataset.manifest.shards[0] as (typeof dataset.manifest.shards)[0]),
      },
      readTrial: () => Promise.reject(new Error('a trial was read')),
    });
    const file = join(folder, 'data.npz');
    await expect(exportNpz(many(561), file)).rejects.toMatchObject({ tag: 'Usage', message: /X takes 4\.3 GB/ });
    await expect(exportNpz(many(560), file)).rejects.toThrow('a trial was read');
    expect(await readdir(folder)).toEqual(['data']);
  });

  test('of many trials that fill the stream’s buffer leaves no listeners behind', async () => {
    const trials = 14;
    const trialMs = 100_000;
    const [shard] = dataset.manifest.shards;
    const record = await dataset.readTrial(0);
    // Noise does not pack: each trial's somatic potential is more than the buffer takes.
    const soma = Float32Array.from({ length: trialMs }, (_, k) => Math.sin(k * k));
    const noisy: Dataset = {
      ...dataset,
      manifest: { ...dataset.manifest, trialMs, shards: Array.from({ length: trials }, () => shard as Shard) },
      readTrial: async () => ({ ...record, durationMs: trialMs, soma }),
    };
    const warnings: string[] = [];
    const warned = ({ name }: Error) => warnings.push(name);
    process.on('warning', warned);
    try {
      await exportNpz(noisy, join(folder, 'data.npz'));
      // Node tells of a warning in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', warned);
    }
    expect(warnings).toEqual([]);
  });

  test('stops between trials and leaves nothing', async () => {
    const controller = new AbortController();
    const file = join(folder, 'data.npz');
    const seen: number[] = [];
    const onTrial = (done: number) => {
      seen.push(done);
      if (done === 2) controller.abort();
    };
    const stopped = exportNpz(dataset, file, { onTrial, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ tag: 'Interrupted', exitCode: 130 });
    expect(seen).toEqual([1, 2]);
    expect(await readdir(folder)).toEqual(['data']);
    await exportNpz(dataset, file);
    expect(existsSync(file)).toBe(true);
  });
});

test('a check stops between shards', async () => {
  const controller = new AbortController();
  const stopped = verifyDataset(dataset, { onShard: () => controller.abort(), signal: controller.signal });
  await expect(stopped).rejects.toMatchObject({ tag: 'Interrupted' });
});

test('a folder is somebody else’s only where it holds other data', async () => {
  await requireOwnFolder(join(folder, 'data'), IDENTITY);
  await requireOwnFolder(join(folder, 'new'), IDENTITY);
  await expect(requireOwnFolder(join(folder, 'data'), 'b'.repeat(64))).rejects.toMatchObject({ tag: 'Dataset' });
});
