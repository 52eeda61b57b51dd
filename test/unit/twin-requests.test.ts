/** Asking for twins without Python: what is sent, what is believed of the answers, and which bins are scored. */
import { Float32, Float64, makeData, makeVector, Table } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { Part, Sidecar } from '../../src/bridge/index.ts';
import type { Dataset, TrialRecord } from '../../src/dataset/index.ts';
import { DatasetError, ProtocolError, UsageError } from '../../src/errors.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { DEMO_TWIN, evaluateTwin, score, type TrialPrediction, trainParams, trainTwin } from '../../src/twin/index.ts';

const MS = 600;

/** A sidecar that answers any call with the given parts. */
function answering(parts: readonly Part[]): Sidecar {
  const call = async function* () {
    yield* parts;
  };
  return {
    info: { kind: 'torch', pid: 0, versions: {} },
    call: call as unknown as Sidecar['call'],
    close: () => Promise.resolve(),
  };
}

function record(trial: number): TrialRecord {
  const soma = Float32Array.from({ length: MS }, (_, ms) => -70 + (ms % 20));
  const high = new Float32Array(8 * MS).fill(-70);
  const events = { dendrites: 2, channel: new Int32Array(0), time: new Float64Array(0) };
  const spikes = Float64Array.of(550.75);
  return { trial, durationMs: MS, events, somaHigh: high, nexusHigh: high, soma, nexus: soma, spikes };
}

function dataset(trials: readonly number[]): Dataset {
  return {
    folder: '/data',
    manifest: {
      format: 'twincell-dataset/1',
      identity: '0'.repeat(64),
      experiment: defineExperiment({}),
      complete: true,
      dependencies: { modelFiles: {}, locks: {}, code: 'none' },
      dendrites: 2,
      dendriteLength: [1, 1],
      dendriteRegion: ['basal', 'basal'],
      trialMs: MS,
      shards: trials.map((trial) => ({
        trial,
        file: `trials/${trial}.arrow`,
        bytes: 1,
        sha256: '0'.repeat(64),
        rows: 1,
      })),
    },
    readTrial: (trial: number) => Promise.resolve(record(trial)),
  } as unknown as Dataset;
}

const asked = { twin: DEMO_TWIN, seed: 1, identity: '0'.repeat(64), checkpoint: '/twin.safetensors' };

describe('training', () => {
  test('is asked for the shards by trial, whatever their order in the manifest', () => {
    const params = trainParams({ ...asked, dataset: dataset([2, 0, 3, 1]) });
    expect(params.shards).toEqual([0, 1, 2, 3].map((trial) => `trials/${trial}.arrow`));
    expect(params).toMatchObject({ channels: 4, trialMs: MS });
  });

  test('is refused before anything is asked where trials are missing or too few', async () => {
    expect(() => trainParams({ ...asked, dataset: dataset([0, 1, 3, 4]) })).toThrow(DatasetError);
    const few = trainTwin({ ...asked, dataset: dataset([0, 1, 2]), sidecar: answering([]) });
    await expect(few).rejects.toThrow(UsageError);
    await expect(few).rejects.toMatchObject({ remedy: expect.stringContaining('--trials') });
  });

  test('of an unfinished data set is refused, and of a part of one takes its first trials', () => {
    const whole = dataset([0, 1, 2, 3, 4, 5]);
    const unfinished = { ...whole, manifest: { ...whole.manifest, complete: false } };
    expect(() => trainParams({ ...asked, dataset: unfinished })).toThrow(/unfinished/);
    const { shards } = trainParams({ ...asked, dataset: whole, trials: 4 });
    expect(shards).toEqual([0, 1, 2, 3].map((trial) => `trials/${trial}.arrow`));
  });

  test.each([
    ['no report', []],
    ['reports but no last one', [{ value: { epoch: 0, done: false }, tables: {} }]],
    ['a last report without the checkpoint', [{ value: { epoch: 0, done: true }, tables: {} }]],
  ])('that ends with %s is no trained twin', async (_, parts) => {
    const trained = trainTwin({ ...asked, dataset: dataset([0, 1, 2, 3]), sidecar: answering(parts) });
    await expect(trained).rejects.toThrow(ProtocolError);
  });
});

describe('a prediction', () => {
  const single = (length: number) => makeVector(makeData({ type: new Float32(), data: new Float32Array(length) }));
  const double = makeVector(makeData({ type: new Float64(), data: new Float64Array(MS) }));
  const evaluateWith = (tables: Part['tables']) =>
    evaluateTwin({
      sidecar: answering([{ value: { trial: 0, trialMs: MS }, tables }]),
      dataset: dataset([0]),
      trials: [0],
      checkpoint: '/twin.safetensors',
    });

  test('is put beside the truth of its trial', async () => {
    const scored = await evaluateWith({ prediction: new Table({ spike: single(MS), soma: single(MS) }) });
    expect(scored.spikes).toBe(1);
    expect(scored.auc).toBe(0.5);
  });

  test.each<[string, Part['tables']]>([
    ['without its table', {}],
    ['without a column', { prediction: new Table({ spike: single(MS) }) }],
    ['of another type', { prediction: new Table({ spike: single(MS), soma: double }) }],
    ['of another length', { prediction: new Table({ spike: single(MS - 1), soma: single(MS - 1) }) }],
  ])('%s is not believed', async (_, tables) => {
    await expect(evaluateWith(tables)).rejects.toThrow(ProtocolError);
  });
});

describe('scores', () => {
  /** Predicts spikes at `said` where they are at `true`; voltage right but for the bins before 500 ms. */
  function prediction(trial: number, at: readonly number[], said: readonly number[], scored = true): TrialPrediction {
    const target = Float64Array.from({ length: MS }, (_, ms) => -60 - (ms % 7));
    return {
      trial,
      probability: Float32Array.from({ length: MS }, (_, ms) => (said.includes(ms) ? 0.9 : 0.1)),
      soma: Float32Array.from(target, (mv, ms) => (ms < 500 ? 0 : mv)),
      spikes: Uint8Array.from({ length: MS }, (_, ms) => Number(at.includes(ms))),
      target,
      outputSpikes: at.length,
      scored,
    };
  }

  test('begin at 500 ms and leave out trials that are not scored', () => {
    const whole = score([
      prediction(0, [499, 500, 599], [0, 100, 500, 599]),
      prediction(1, [510], [520], false),
      prediction(2, [], []),
    ]);
    expect(whole.trials).toEqual([0, 2]);
    expect(whole.spikes).toBe(2);
    expect(whole).toMatchObject({ auc: 1, tprAt0_25: 1, partialAucAt1: 1 });
    expect(whole).toMatchObject({ somaExplainedVariance: 1, somaRmse: 0, somaMae: 0 });
    expect(whole.predictions).toHaveLength(3);
  });

  test('have no spike scores where no scored bin holds a spike', () => {
    const none = { auc: null, tprAt0_25: null, tprAt1: null, partialAucAt0_25: null, partialAucAt1: null };
    expect(score([prediction(0, [499], [499])])).toMatchObject({ ...none, spikes: 0, somaExplainedVariance: 1 });
  });

  test('are refused where no trial can be scored', () => {
    expect(() => score([])).toThrow(UsageError);
    expect(() => score([prediction(0, [510], [510], false)])).toThrow(UsageError);
  });
});
