import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  decodeTrial,
  encodeTrial,
  openDataset,
  openWriter,
  type TrialRecord,
  verifyDataset,
} from '../../src/dataset/index.ts';
import type { Header } from '../../src/dataset/manifest.ts';
import { DatasetError } from '../../src/errors.ts';
import { defineExperiment } from '../../src/experiment/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-dataset-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function trial(index: number, durationMs = 4, dendrites = 3): TrialRecord {
  return {
    trial: index,
    durationMs,
    events: { dendrites, channel: Int32Array.of(0, 5, 2), time: Float64Array.of(0, 1, 3) },
    somaHigh: Float32Array.from({ length: durationMs * 8 }, (_, k) => -70 + k),
    nexusHigh: Float32Array.from({ length: durationMs * 8 }, (_, k) => -60 - k),
    soma: Float32Array.from({ length: durationMs }, (_, k) => -70 + 8 * k),
    nexus: Float32Array.from({ length: durationMs }, (_, k) => -60 - 8 * k),
    dendrites: Float32Array.from({ length: durationMs * dendrites }, (_, k) => k / 7),
    spikes: Float64Array.of(2.125),
  };
}

function header(trials: number, identity = 'a'.repeat(64)): Header {
  return {
    format: 'twincell-dataset/1',
    identity,
    experiment: defineExperiment({ simulation: { trials, seconds: 0.004 } }),
    dependencies: { modelFiles: {}, locks: {}, code: '1' },
    dendrites: 3,
    dendriteLength: [1, 2, 3],
    dendriteRegion: ['basal', 'basal', 'apical'],
    trialMs: 4,
  };
}

describe('a shard', () => {
  test('keeps every bit of a trial, whatever its sizes', () => {
    const floats = (n: number) => fc.array(fc.float(), { minLength: n, maxLength: n }).map((a) => Float32Array.from(a));
    const any = fc.integer({ min: 1, max: 9 }).chain((durationMs) =>
      fc.record({
        trial: fc.nat(1e6),
        durationMs: fc.constant(durationMs),
        events: fc
          .array(fc.tuple(fc.nat(5), fc.double({ min: 0, max: 9, noNaN: true })), { maxLength: 9 })
          .map((rows) => ({
            dendrites: 3,
            channel: Int32Array.from(rows, ([channel]) => channel),
            time: Float64Array.from(rows, ([, time]) => time),
          })),
        somaHigh: floats(8 * durationMs),
        nexusHigh: floats(8 * durationMs),
        soma: floats(durationMs),
        nexus: floats(durationMs),
        dendrites: fc.oneof(
          floats(3 * durationMs),
          fc
            .array(fc.nat(0xffff), { minLength: 3 * durationMs, maxLength: 3 * durationMs })
            .map((a) => Uint16Array.from(a)),
        ),
        spikes: fc.array(fc.double({ noNaN: true })).map((a) => Float64Array.from(a)),
      }),
    );
    fc.assert(
      fc.property(any, (record) => {
        const bytes = encodeTrial(record);
        expect(decodeTrial(bytes, 'x')).toEqual(record);
        expect(encodeTrial(record)).toEqual(bytes);
      }),
    );
  });

  test('that is cut short is refused', () => {
    const bytes = encodeTrial(trial(0));
    expect(() => decodeTrial(bytes.subarray(0, 200), 'cut.arrow')).toThrow(DatasetError);
  });
});

describe('a data set', () => {
  test('is complete after its trials are committed, and verifies', async () => {
    const writer = await openWriter(folder, header(2));
    await writer.commit(trial(1));
    await writer.commit(trial(0));
    await writer.finish();
    const dataset = await openDataset(folder);
    expect(dataset.manifest).toMatchObject({ complete: true, shards: [{ trial: 0 }, { trial: 1 }] });
    expect(await verifyDataset(dataset)).toEqual([]);
    expect(await dataset.readTrial(1)).toEqual(trial(1));
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'trials']);
  });

  test('continues where it stopped, and ends in the same bytes as without a stop', async () => {
    const first = await openWriter(folder, header(2));
    await first.commit(trial(0));
    // The process dies here; the next one finds the first trial committed.
    const second = await openWriter(folder, header(2));
    expect([...second.committed.keys()]).toEqual([0]);
    await second.commit(trial(1));
    await second.finish();
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    const other = await mkdtemp(join(tmpdir(), 'twincell-dataset-'));
    try {
      const straight = await openWriter(other, header(2));
      for (const index of [0, 1]) await straight.commit(trial(index));
      await straight.finish();
      expect(manifest).toBe(await readFile(join(other, 'manifest.json'), 'utf8'));
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });

  test('half a line in the journal means that trial is made again', async () => {
    const writer = await openWriter(folder, header(2));
    await writer.commit(trial(0));
    await writer.commit(trial(1));
    const path = join(folder, 'journal.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -20));
    expect([...(await openWriter(folder, header(2))).committed.keys()]).toEqual([0]);
  });

  test('a shard whose bytes changed is reported, and made again', async () => {
    const writer = await openWriter(folder, header(1));
    const { file } = await writer.commit(trial(0));
    await writer.finish();
    const bytes = await readFile(join(folder, file));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    await writeFile(join(folder, file), bytes);
    expect(await verifyDataset(await openDataset(folder))).toHaveLength(1);
    expect((await openWriter(folder, header(1))).committed.size).toBe(0);
  });

  test('of another experiment is refused', async () => {
    await openWriter(folder, header(1));
    await expect(openWriter(folder, header(1, 'b'.repeat(64)))).rejects.toThrow(/another experiment/);
  });

  test('asking for fewer trials than are there takes none away', async () => {
    const writer = await openWriter(folder, header(2));
    for (const index of [0, 1]) await writer.commit(trial(index));
    await writer.finish();
    await (await openWriter(folder, header(1))).finish();
    expect((await openDataset(folder)).manifest.shards).toHaveLength(2);
  });

  test('a folder without a manifest is no data set', async () => {
    await expect(openDataset(folder)).rejects.toThrow(/no data set here/);
  });
});
