/** Twins trained by the real torch through the real bridge, and scores against scikit-learn's. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import { openDataset } from '../../src/dataset/index.ts';
import { isTwincellError } from '../../src/errors.ts';
import type { Twin } from '../../src/experiment/index.ts';
import { evaluate, train } from '../../src/launch/twin.ts';
import {
  partialAuc,
  predictTrial,
  readTwin,
  rocAuc,
  rocCurve,
  SCORED_FROM_MS,
  type TrialPrediction,
  voltageScores,
} from '../../src/twin/index.ts';
import { writeSurrogate } from '../fixtures/surrogate-data.ts';

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-twin-'));
  data = join(folder, 'data');
  await writeSurrogate(data, 6, 1500);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const twin: Twin = {
  network: {
    layers: [
      { taps: 30, width: 6 },
      { taps: 5, width: 4 },
    ],
    dendriticComponents: 2,
  },
  training: {
    epochs: 6,
    stepsPerEpoch: 25,
    batchSize: 8,
    windowMs: 200,
    skipMs: 100,
    l2: 1e-8,
    schedule: [
      { epoch: 0, spike: 1, soma: 0.05, dendrites: 0.01, learningRate: 1e-2 },
      { epoch: 4, spike: 2, soma: 0.05, dendrites: 0.01, learningRate: 3e-3 },
    ],
    device: 'cpu',
    threads: 1,
  },
  split: { validation: 1, test: 2 },
};

const training = (
  name: string,
  more: { dataset?: string; seed?: number; signal?: AbortSignal; onProgress?: () => void } = {},
) => ({
  dataset: data,
  twin,
  seed: 5,
  identity: 'f'.repeat(64),
  checkpoint: join(folder, `${name}.safetensors`),
  ...more,
});

/** What scikit-learn makes of labels and scores, target and prediction. */
async function scikitLearn(
  cases: readonly { labels: number[]; scores: number[]; target: number[]; predicted: number[] }[],
) {
  const { python } = await ensureEnvironment('develop');
  const script = `
import json, sys
from sklearn.metrics import explained_variance_score, mean_absolute_error, mean_squared_error, roc_auc_score, roc_curve
out = []
for case in json.load(sys.stdin):
    y, s, t, p = case["labels"], case["scores"], case["target"], case["predicted"]
    fpr, tpr, _ = roc_curve(y, s, drop_intermediate=False)
    out.append({"auc": roc_auc_score(y, s), "partial": [roc_auc_score(y, s, max_fpr=r) for r in (0.0025, 0.01, 0.3)],
        "fpr": fpr.tolist(), "tpr": tpr.tolist(), "variance": explained_variance_score(t, p),
        "rmse": mean_squared_error(t, p) ** 0.5, "mae": mean_absolute_error(t, p)})
print(json.dumps(out))`;
  const said = execFileSync(python, ['-c', script], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  type Answer = {
    auc: number;
    partial: number[];
    fpr: number[];
    tpr: number[];
    variance: number;
    rmse: number;
    mae: number;
  };
  return JSON.parse(said) as Answer[];
}

test('scores are scikit-learn’s, with ties and rare positives', async () => {
  const row = fc.record({
    label: fc.nat(5),
    score: fc.integer({ min: 0, max: 40 }),
    target: fc.double({ min: -80, max: -55, noNaN: true }),
    predicted: fc.double({ min: -80, max: -55, noNaN: true }),
  });
  const rows = fc.sample(fc.array(row, { minLength: 20, maxLength: 400, size: 'max' }), { numRuns: 40, seed: 7 });
  const cases = rows
    .map((sample) => ({
      labels: sample.map(({ label }) => Number(label === 0)),
      scores: sample.map(({ score }) => score / 40),
      target: sample.map(({ target }) => target),
      predicted: sample.map(({ predicted }) => predicted),
    }))
    .filter(({ labels }) => new Set(labels).size === 2);
  expect(cases.length).toBeGreaterThan(20);
  const answers = await scikitLearn(cases);
  for (const [k, { labels, scores, target, predicted }] of cases.entries()) {
    const answer = answers[k];
    const curve = rocCurve(labels, scores);
    if (answer === undefined || curve === null) throw new Error('no answer');
    expect(rocAuc(labels, scores)).toBeCloseTo(answer.auc, 12);
    for (const [j, rate] of [0.0025, 0.01, 0.3].entries())
      expect(partialAuc(curve, rate)).toBeCloseTo(answer.partial[j] as number, 10);
    expect(Array.from(curve.falsePositiveRate)).toEqual(answer.fpr.map((value) => expect.closeTo(value, 12)));
    expect(Array.from(curve.truePositiveRate)).toEqual(answer.tpr.map((value) => expect.closeTo(value, 12)));
    const voltage = voltageScores(target, predicted);
    expect(voltage.somaExplainedVariance).toBeCloseTo(answer.variance, 10);
    expect(voltage.somaRmse).toBeCloseTo(answer.rmse, 10);
    expect(voltage.somaMae).toBeCloseTo(answer.mae, 10);
  }
});

describe('a twin', () => {
  test('learns, reports every epoch, and has the same bytes from the same seed', async () => {
    const first = await train(training('first'));
    expect(first.reports.map(({ epoch, done }) => [epoch, done])).toEqual(
      [0, 1, 2, 3, 4, 5].map((epoch) => [epoch, epoch === 5]),
    );
    expect(first.reports.map(({ learningRate }) => learningRate)).toEqual([1e-2, 1e-2, 1e-2, 1e-2, 3e-3, 3e-3]);
    expect(first.reports.at(-1)?.trainLoss).toBeLessThan(first.reports[0]?.trainLoss ?? 0);
    const again = await train(training('again'));
    const other = await train(training('other', { seed: 6 }));
    expect(again.sha256).toBe(first.sha256);
    expect(other.sha256).not.toBe(first.sha256);
    const header = (await readFile(first.checkpoint)).subarray(8, 4000).toString('latin1');
    expect(header).toContain('f'.repeat(64));
  });

  test('predicts trials it never saw, with scikit-learn’s scores, and in TypeScript alike', async () => {
    const scored = await evaluate({
      dataset: data,
      checkpoint: join(folder, 'first.safetensors'),
      device: 'cpu',
      threads: 1,
    });
    expect(scored.predictions.map(({ trial }) => trial)).toEqual([4, 5]);
    // What it was trained on is no test, however it is asked for.
    const more = evaluate({ dataset: data, checkpoint: join(folder, 'first.safetensors'), test: 3 });
    await expect(more).rejects.toMatchObject({ tag: 'Usage', message: expect.stringMatching(/seen all but 2/) });
    expect(scored.auc).toBeGreaterThan(0.8);
    expect(scored.somaExplainedVariance).toBeGreaterThan(0.3);
    const kept = scored.predictions.filter((one) => one.scored);
    const late = (pick: (one: TrialPrediction) => ArrayLike<number>) =>
      kept.flatMap((one) => Array.from(pick(one)).slice(SCORED_FROM_MS));
    const [answer] = await scikitLearn([
      {
        labels: late((one) => one.spikes),
        scores: late((one) => one.probability),
        target: late((one) => one.target),
        predicted: late((one) => one.soma),
      },
    ]);
    expect(scored.auc).toBeCloseTo(answer?.auc ?? 0, 12);
    expect(scored.somaExplainedVariance).toBeCloseTo(answer?.variance ?? 0, 10);
    expect(scored.somaRmse).toBeCloseTo(answer?.rmse ?? 0, 10);

    const inTypeScript = readTwin(await readFile(join(folder, 'first.safetensors')), 'first.safetensors');
    const dataset = await openDataset(data);
    for (const { trial, probability, soma } of scored.predictions) {
      const { events, durationMs } = await dataset.readTrial(trial);
      const ours = predictTrial(inTypeScript, events, durationMs);
      expect(ours.soma.length).toBe(soma.length);
      for (let ms = 0; ms < durationMs; ms++) {
        const [theirs, wanted] = [soma[ms] as number, probability[ms] as number];
        expect(Math.abs((ours.soma[ms] as number) - theirs)).toBeLessThan(1e-3);
        expect(Math.abs((ours.probability[ms] as number) - wanted)).toBeLessThan(1e-4 * wanted + 1e-7);
      }
    }
  });

  test('never reads its test trials in training, and names a training trial that is damaged', async () => {
    const spoiled = join(folder, 'spoiled');
    await writeSurrogate(spoiled, 6, 1500);
    await writeFile(join(spoiled, 'trials', '000005.arrow'), 'no trial');
    const { sha256 } = await train(training('spoiled', { dataset: spoiled }));
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(spoiled, 'trials', '000001.arrow'), 'no trial');
    const error = await train(training('failing', { dataset: spoiled })).catch((cause: unknown) => cause);
    expect(isTwincellError(error)).toBe(true);
    expect(String(error)).toContain('000001.arrow');
  });

  test('that is interrupted in training leaves no checkpoint', async () => {
    const controller = new AbortController();
    const more = { signal: controller.signal, onProgress: () => controller.abort() };
    const error = await train(training('interrupted', more)).catch((cause: unknown) => cause);
    expect(isTwincellError(error, 'Interrupted')).toBe(true);
    expect(existsSync(join(folder, 'interrupted.safetensors'))).toBe(false);
  });

  test('from a file that is none is refused by name', async () => {
    const checkpoint = join(folder, 'garbage.safetensors');
    await writeFile(checkpoint, 'no twin');
    const garbage = await evaluate({ dataset: data, checkpoint }).catch((cause: unknown) => cause);
    expect(isTwincellError(garbage)).toBe(true);
    expect(String(garbage)).toContain('garbage.safetensors');
  });

  test('trains on the GPU where there is one', async ({ skip }) => {
    const { python } = await ensureEnvironment('torch');
    const has = execFileSync(python, ['-c', 'import torch; print(torch.cuda.is_available())'], { encoding: 'utf8' });
    skip(!has.includes('True'), 'no CUDA device on this machine');
    const onGpu: Twin = { ...twin, training: { ...twin.training, device: 'cuda' } };
    const { reports } = await train({ ...training('gpu'), twin: onGpu });
    expect(reports.at(-1)).toMatchObject({ device: 'cuda', done: true });
  });
});
