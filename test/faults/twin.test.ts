/** What goes wrong with twins in the real torch sidecar: each is a typed error that names the file and what to do. */
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { type Sidecar, startSidecar } from '../../src/bridge/index.ts';
import { type Dataset, openDataset } from '../../src/dataset/index.ts';
import { InterruptedError, isTwincellError, type RemoteError, UsageError } from '../../src/errors.ts';
import type { Twin } from '../../src/experiment/index.ts';
import { EVALUATE, type TrainOptions, trainTwin } from '../../src/twin/index.ts';
import { DENDRITES, writeSurrogate } from '../fixtures/surrogate-data.ts';

const MS = 600;
const twin: Twin = {
  network: { layers: [{ taps: 10, width: 2 }], dendriticComponents: 2 },
  training: {
    epochs: 2,
    stepsPerEpoch: 2,
    batchSize: 2,
    windowMs: 100,
    skipMs: 100,
    l2: 1e-8,
    schedule: [{ epoch: 0, spike: 1, soma: 0.05, dendrites: 0.01, learningRate: 1e-2 }],
    device: 'cpu',
    threads: 1,
  },
  split: { validation: 1, test: 1 },
};

let folder: string;
let python: string;
let sidecar: Sidecar;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-twin-faults-'));
  await writeSurrogate(join(folder, 'data'), 4, MS);
  dataset = await openDataset(join(folder, 'data'));
  ({ python } = await ensureEnvironment('torch'));
  sidecar = await startSidecar({ python, kind: 'torch' });
});
afterAll(async () => {
  await sidecar?.close();
  await rm(folder, { recursive: true, force: true });
});

const asked = (name: string, more: Partial<TrainOptions> = {}): TrainOptions => ({
  sidecar,
  dataset,
  twin,
  seed: 3,
  identity: 'e'.repeat(64),
  checkpoint: join(folder, 'twins', `${name}.safetensors`),
  ...more,
});

/** The sidecar's own error for a call that must fail. */
async function refused(work: Promise<unknown>): Promise<RemoteError> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (cause: unknown) => cause,
  );
  if (!isTwincellError(error, 'Remote')) throw error;
  return error;
}

/** Asks for a prediction with a checkpoint, by the protocol. */
async function predict(checkpoint: string, channels = 2 * DENDRITES): Promise<number> {
  const shards = dataset.manifest.shards.map(({ file }) => file);
  const params = { dataset: dataset.folder, shards, trials: [3], channels, trialMs: MS, checkpoint, threads: 1 };
  let parts = 0;
  for await (const part of sidecar.call(EVALUATE, { ...params, device: 'cpu' })) parts += part.value.trialMs / MS;
  return parts;
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('training that is interrupted', () => {
  test.each([
    ['while it reads', 'reading trials'],
    ['in an epoch', 'epoch 1'],
  ])('%s leaves no file, and the sidecar ready for the next call', async (_, moment) => {
    const controller = new AbortController();
    const seen: string[] = [];
    const onProgress = ({ message }: { message: string }) => {
      seen.push(message);
      if (message.startsWith(moment)) controller.abort();
    };
    const long: Twin = { ...twin, training: { ...twin.training, epochs: 200, stepsPerEpoch: 200 } };
    const work = trainTwin(asked('interrupted', { twin: long, signal: controller.signal, onProgress }));
    await expect(work).rejects.toThrow(InterruptedError);
    expect(seen.some((message) => message.startsWith(moment))).toBe(true);
    expect(existsSync(join(folder, 'twins')) ? readdirSync(join(folder, 'twins')) : []).toEqual([]);
    const { reports } = await trainTwin(asked('after'));
    expect(reports.map(({ done }) => done)).toEqual([false, true]);
    await rm(join(folder, 'twins'), { recursive: true });
  });

  test('leaves a twin that was there before as it was', async () => {
    const { checkpoint } = await trainTwin(asked('kept'));
    const before = await readFile(checkpoint);
    const controller = new AbortController();
    const onReport = () => controller.abort();
    // many short epochs: it reports soon, and could not have ended by the time it is told to stop
    const long: Twin = { ...twin, training: { ...twin.training, epochs: 100_000 } };
    const work = trainTwin(asked('kept', { twin: long, seed: 4, signal: controller.signal, onReport }));
    await expect(work).rejects.toThrow(InterruptedError);
    expect(Buffer.compare(await readFile(checkpoint), before)).toBe(0);
    expect(readdirSync(join(folder, 'twins'))).toEqual(['kept.safetensors']);
  });

  test('by closing the sidecar leaves no process', async () => {
    const own = await startSidecar({ python, kind: 'torch' });
    const { pid } = own.info;
    expect(runs(pid)).toBe(true);
    const long: Twin = { ...twin, training: { ...twin.training, epochs: 1, stepsPerEpoch: 100_000 } };
    let closing: Promise<void> | undefined;
    const onProgress = () => {
      closing ??= own.close();
    };
    await expect(trainTwin(asked('closed', { sidecar: own, twin: long, onProgress }))).rejects.toThrow(
      InterruptedError,
    );
    await closing;
    expect(runs(pid)).toBe(false);
    expect(existsSync(join(folder, 'twins', 'closed.safetensors'))).toBe(false);
  });
});

test('too few trials are refused with what to do', async () => {
  const work = trainTwin(asked('few', { twin: { ...twin, split: { validation: 2, test: 2 } } }));
  await expect(work).rejects.toThrow(UsageError);
  await expect(work).rejects.toMatchObject({ remedy: expect.stringContaining('--trials') });
});

describe('a checkpoint', () => {
  test('that is cut short, garbage or absent is named', async () => {
    const { checkpoint } = await trainTwin(asked('whole'));
    expect(await predict(checkpoint)).toBe(1);
    const whole = await readFile(checkpoint);
    const bad = join(folder, 'bad.safetensors');
    for (const content of [whole.subarray(0, whole.length / 2), Buffer.from('no twin'), Buffer.alloc(0)]) {
      await writeFile(bad, content);
      const error = await refused(predict(bad));
      expect(error).toMatchObject({ code: 'checkpoint-unreadable', remedy: expect.stringContaining('twincell train') });
      expect(error.message).toContain(bad);
    }
    const absent = await refused(predict(join(folder, 'absent.safetensors')));
    expect(absent.message).toContain('absent.safetensors');
  });

  test('of a cell with other channels is refused, with both numbers', async () => {
    const { checkpoint } = await trainTwin(asked('other'));
    const error = await refused(predict(checkpoint, 2 * DENDRITES + 2));
    expect(error).toMatchObject({ code: 'checkpoint-mismatch', remedy: expect.stringContaining('trained on') });
    expect(error.message).toMatch(/12 input channels.* 14$/);
  });

  test('that cannot be written is named', async () => {
    await writeFile(join(folder, 'file'), '');
    const checkpoint = join(folder, 'file', 'twin.safetensors');
    const error = await refused(trainTwin(asked('unwritable', { checkpoint })));
    expect(error).toMatchObject({ code: 'checkpoint-unwritable', remedy: expect.stringContaining('folder') });
    expect(error.message).toContain(checkpoint);
  });
});

describe('a shard', () => {
  /** The data set again, with one trial's file replaced. */
  async function spoiled(name: string, trial: number, spoil: (path: string) => Promise<void>): Promise<Dataset> {
    const copy = join(folder, name);
    await writeSurrogate(copy, 4, MS);
    await spoil(join(copy, 'trials', `${String(trial).padStart(6, '0')}.arrow`));
    return openDataset(copy);
  }
  const cut = async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 900));

  test('of a training or validation trial that is damaged is named; of a test trial it is not missed', async () => {
    const { sha256 } = await trainTwin(asked('sound'));
    const tested = await trainTwin(asked('tested', { dataset: await spoiled('test', 3, (path) => rm(path)) }));
    expect(tested.sha256).toBe(sha256);
    for (const trial of [0, 1, 2]) {
      const error = await refused(trainTwin(asked('damaged', { dataset: await spoiled(`cut-${trial}`, trial, cut) })));
      expect(error).toMatchObject({ code: 'dataset-unreadable', remedy: expect.stringContaining('dataset verify') });
      expect(error.message).toContain(`00000${trial}.arrow`);
    }
  });

  test('of another length is named with both lengths', async () => {
    const longer = join(folder, 'longer');
    await writeSurrogate(longer, 4, MS + 100);
    const swap = (path: string) => copyFile(join(longer, 'trials', '000001.arrow'), path);
    const error = await refused(trainTwin(asked('swapped', { dataset: await spoiled('swapped', 1, swap) })));
    expect(error.message).toMatch(/000001\.arrow: expected 600 ms of soma voltage, found 700/);
  });
});
