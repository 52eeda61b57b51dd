/**
 * What the torch sidecar is asked and what it answers.
 *
 * - `train` (TrainParams) → parts {TrainReport}, one an epoch, the last with `done: true`; progress on the way.
 * - `evaluate` (EvaluateParams) → one part {PredictionResult} a trial with table `prediction` (columns `spike`
 *   probability, `soma` mV; float32, one row per ms of the trial from 0).
 */
import { type Static, Type } from 'typebox';
import { Network, Split, Training } from '../experiment/schema.ts';

const closed = { additionalProperties: false } as const;

export const TrainParams = Type.Object(
  {
    dataset: Type.String({ description: 'absolute path of the data set folder' }),
    data: Type.String({ description: 'sha256 of the data set, written into the checkpoint' }),
    shards: Type.Array(Type.String(), { description: 'shard files relative to the folder, by trial' }),
    channels: Type.Integer({ minimum: 1, description: 'input channels, excitatory then inhibitory' }),
    trialMs: Type.Integer({ minimum: 1 }),
    network: Network,
    training: Training,
    split: Split,
    seed: Type.Integer({ minimum: 0 }),
    identity: Type.String({ description: 'sha256 of the experiment, written into the checkpoint' }),
    checkpoint: Type.String({ description: 'absolute path of the .safetensors file to write' }),
  },
  { ...closed, $id: 'TwinTrainParams' },
);
export type TrainParams = Static<typeof TrainParams>;

export const TrainReport = Type.Object(
  {
    epoch: Type.Integer({ minimum: 0 }),
    epochs: Type.Integer({ minimum: 1 }),
    learningRate: Type.Number(),
    trainLoss: Type.Number(),
    trainSpikeLoss: Type.Number(),
    trainSomaLoss: Type.Number(),
    validationLoss: Type.Number(),
    validationAuc: Type.Union([Type.Number(), Type.Null()], {
      description: 'null where the validation trials have no spike',
    }),
    validationSomaExplainedVariance: Type.Number(),
    device: Type.String(),
    parameters: Type.Integer({ minimum: 1, description: 'number of trained parameters' }),
    checkpointSha256: Type.Optional(Type.String()),
    done: Type.Boolean(),
  },
  { ...closed, $id: 'TwinTrainReport' },
);
export type TrainReport = Static<typeof TrainReport>;

export const EvaluateParams = Type.Object(
  {
    dataset: Type.String(),
    shards: Type.Array(Type.String()),
    trials: Type.Array(Type.Integer({ minimum: 0 })),
    channels: Type.Integer({ minimum: 1 }),
    trialMs: Type.Integer({ minimum: 1 }),
    checkpoint: Type.String(),
    device: Type.Union([Type.Literal('auto'), Type.Literal('cpu'), Type.Literal('cuda')]),
    threads: Type.Integer({ minimum: 1 }),
  },
  { ...closed, $id: 'TwinEvaluateParams' },
);
export type EvaluateParams = Static<typeof EvaluateParams>;

export const PredictionResult = Type.Object(
  { trial: Type.Integer({ minimum: 0 }), trialMs: Type.Integer({ minimum: 1 }) },
  { ...closed, $id: 'TwinPredictionResult' },
);
export type PredictionResult = Static<typeof PredictionResult>;
