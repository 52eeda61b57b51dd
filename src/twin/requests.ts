/** Asking the torch sidecar: train a twin on a data set, predict trials with it, score the predictions. */
import { join, resolve } from 'node:path';
import { type CallProgress, float32Column, type Method, type Part, type Sidecar } from '../bridge/index.ts';
import type { Dataset } from '../dataset/reader.ts';
import { spikeBins } from '../engine/spikes.ts';
import { DatasetError, ProtocolError, UsageError } from '../errors.ts';
import type { Twin } from '../experiment/schema.ts';
import {
  clipSoma,
  isScored,
  rescaleTo,
  SCORED_FROM_MS,
  type SpikeScores,
  spikeScores,
  type VoltageScores,
  voltageScores,
} from './metrics.ts';
import { EvaluateParams, PredictionResult, TrainParams, TrainReport } from './protocol.ts';
import { splitTrials } from './split.ts';

/** The two methods of the torch sidecar. */
export const TRAIN: Method<typeof TrainParams, typeof TrainReport> = {
  name: 'train',
  params: TrainParams,
  result: TrainReport,
};
export const EVALUATE: Method<typeof EvaluateParams, typeof PredictionResult> = {
  name: 'evaluate',
  params: EvaluateParams,
  result: PredictionResult,
};

export interface TrainOptions {
  readonly sidecar: Sidecar;
  readonly dataset: Dataset;
  readonly twin: Twin;
  readonly seed: number;
  /** How many trials of the data set, counted from the first, are split; all unless given. */
  readonly trials?: number;
  /** sha256 of the experiment, written into the checkpoint. */
  readonly identity: string;
  /** The `.safetensors` file to write. */
  readonly checkpoint: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CallProgress) => void;
  /** Told after each epoch. */
  readonly onReport?: (report: TrainReport) => void;
}

export interface TrainedTwin {
  /** Absolute path. */
  readonly checkpoint: string;
  readonly sha256: string;
  readonly reports: readonly TrainReport[];
}

/** What `train` is asked for a data set. @throws UsageError, DatasetError */
export function trainParams(
  options: Omit<TrainOptions, 'sidecar' | 'signal' | 'onProgress' | 'onReport'>,
): TrainParams {
  const { dataset, twin } = options;
  if (!dataset.manifest.complete) {
    throw new DatasetError('the data set is unfinished: trials are missing', {
      path: dataset.folder,
      remedy: 'Run the same simulation again into this folder: it goes on where it was stopped.',
    });
  }
  const shards = shardsByTrial(dataset).slice(0, options.trials);
  splitTrials(shards.length, twin.split);
  return {
    dataset: resolve(dataset.folder),
    data: dataset.manifest.identity,
    shards,
    channels: channelsOf(dataset),
    trialMs: dataset.manifest.trialMs,
    network: twin.network,
    training: twin.training,
    split: twin.split,
    seed: options.seed,
    identity: options.identity,
    checkpoint: resolve(options.checkpoint),
  };
}

/**
 * Trains a twin: the test trials are never read.
 * @throws UsageError, DatasetError, ProtocolError, RemoteError, InterruptedError
 */
export async function trainTwin(options: TrainOptions): Promise<TrainedTwin> {
  const params = trainParams(options);
  const reports: TrainReport[] = [];
  for await (const { value } of options.sidecar.call(TRAIN, params, callOptions(options))) {
    reports.push(value);
    options.onReport?.(value);
  }
  const last = reports.at(-1);
  if (!last?.done || last.checkpointSha256 === undefined) {
    throw new ProtocolError(`training ended after ${reports.length} reports without saying that a twin was written`);
  }
  return { checkpoint: params.checkpoint, sha256: last.checkpointSha256, reports };
}

export interface EvaluateOptions {
  readonly sidecar: Sidecar;
  readonly dataset: Dataset;
  /** Indices of the trials to score; those with more than 24 output spikes are predicted but not scored. */
  readonly trials: readonly number[];
  readonly checkpoint: string;
  readonly device?: EvaluateParams['device'];
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CallProgress) => void;
}

/** A twin's answer for one trial beside the truth, one value a ms from 0. */
export interface TrialPrediction {
  readonly trial: number;
  /** Probability of a spike in each bin. */
  readonly probability: Float32Array;
  /** Predicted soma voltage (mV). */
  readonly soma: Float32Array;
  /** 1 where a bin holds an output spike. */
  readonly spikes: Uint8Array;
  /** Soma voltage clipped at -55 mV. */
  readonly target: Float64Array;
  readonly outputSpikes: number;
  readonly scored: boolean;
}

/** Scores over all scored trials, from 500 ms on. */
export interface TwinEvaluation extends SpikeScores, VoltageScores {
  /** The same voltage scores after the prediction was rescaled to the target's mean and deviation. */
  readonly rescaled: VoltageScores;
  /** Scored trials, and output spikes in their scored bins. */
  readonly trials: readonly number[];
  readonly spikes: number;
  readonly predictions: readonly TrialPrediction[];
}

/**
 * Predicts trials and scores them.
 * @throws UsageError where no trial can be scored; ProtocolError, RemoteError, InterruptedError
 */
export async function evaluateTwin(options: EvaluateOptions): Promise<TwinEvaluation> {
  const { dataset, sidecar } = options;
  const params: EvaluateParams = {
    dataset: resolve(dataset.folder),
    shards: shardsByTrial(dataset),
    trials: [...options.trials],
    channels: channelsOf(dataset),
    trialMs: dataset.manifest.trialMs,
    checkpoint: resolve(options.checkpoint),
    device: options.device ?? 'auto',
    threads: options.threads ?? 2,
  };
  const predictions: TrialPrediction[] = [];
  for await (const part of sidecar.call(EVALUATE, params, callOptions(options))) {
    const { probability, soma } = predictionOf(part);
    predictions.push(await besideTruth(dataset, part.value.trial, probability, soma));
  }
  return score(predictions);
}

/** The columns of one answer, by type and length. @throws ProtocolError where they are not what the protocol says */
function predictionOf({ value, tables }: Part<PredictionResult>): { probability: Float32Array; soma: Float32Array } {
  const { prediction } = tables;
  if (prediction === undefined)
    throw new ProtocolError(`the prediction of trial ${value.trial} came without its table`);
  if (prediction.numRows !== value.trialMs) {
    const message = `the prediction of trial ${value.trial} has ${prediction.numRows} rows for ${value.trialMs} ms`;
    throw new ProtocolError(message);
  }
  return { probability: float32Column(prediction, 'spike'), soma: float32Column(prediction, 'soma') };
}

/** Scores predictions. @throws UsageError where no trial can be scored */
export function score(predictions: readonly TrialPrediction[]): TwinEvaluation {
  const scored = predictions.filter((one) => one.scored && one.target.length > SCORED_FROM_MS);
  if (scored.length === 0) {
    const message = `none of ${predictions.length} trials can be scored: 0 to 24 spikes, longer than ${SCORED_FROM_MS} ms`;
    throw new UsageError(message, { remedy: 'Simulate more or longer trials.' });
  }
  const late = (pick: (one: TrialPrediction) => ArrayLike<number>) =>
    Float64Array.from(scored.flatMap((one) => Array.from(pick(one)).slice(SCORED_FROM_MS)));
  const labels = late((one) => one.spikes);
  const target = late((one) => one.target);
  const predicted = late((one) => one.soma);
  return {
    ...spikeScores(
      labels,
      late((one) => one.probability),
    ),
    ...voltageScores(target, predicted),
    rescaled: voltageScores(target, rescaleTo(target, predicted)),
    trials: scored.map((one) => one.trial),
    spikes: labels.reduce((sum, label) => sum + label, 0),
    predictions,
  };
}

/** A prediction beside what the data set says of its trial. */
export async function besideTruth(
  dataset: Dataset,
  trial: number,
  probability: Float32Array,
  soma: Float32Array,
): Promise<TrialPrediction> {
  const record = await dataset.readTrial(trial);
  const spikes = spikeBins(record.spikes, record.durationMs);
  const outputSpikes = record.spikes.length;
  const target = clipSoma(record.soma);
  return { trial, probability, soma, spikes, target, outputSpikes, scored: isScored(outputSpikes) };
}

/** Shard files by trial. @throws DatasetError where trials are missing */
function shardsByTrial(dataset: Dataset): string[] {
  const sorted = [...dataset.manifest.shards].sort((a, b) => a.trial - b.trial);
  const gap = sorted.findIndex((shard, index) => shard.trial !== index);
  if (gap !== -1) {
    throw new DatasetError(`trial ${gap} is missing`, { path: join(dataset.folder, 'manifest.json') });
  }
  return sorted.map((shard) => shard.file);
}

/** Excitatory, then inhibitory: twice the number of dendritic segments. */
function channelsOf(dataset: Dataset): number {
  return 2 * dataset.manifest.dendrites;
}

function callOptions(options: { signal?: AbortSignal; onProgress?: (progress: CallProgress) => void }) {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
}
