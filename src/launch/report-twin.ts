/** The twin's part of a run's page: its training, its scores, and one held-out trial. */
import type { Dataset } from '../dataset/index.ts';
import type { Experiment } from '../experiment/index.ts';
import type { Prediction, RocCurve, SomaScore, TwinMetrics, TwinView } from '../report/index.ts';
import {
  besideTruth,
  rocCurve,
  SCORED_FROM_MS,
  score,
  type TrainReport,
  type TrialPrediction,
  type TwinEvaluation,
  type VoltageScores,
} from '../twin/index.ts';
import { readColumns, readJson } from './run-folder.ts';

/** False positives the drawn threshold allows: one a second. */
const SHOWN_FALSE_POSITIVE_RATE = 0.001;

export interface StoredTwin {
  readonly view: TwinView;
  readonly checkpointSha256?: string;
}

/** Reads what training and scoring left in a run's folder; undefined where the run had no twin. */
export async function readTwinView(
  folder: string,
  dataset: Dataset,
  experiment: Experiment,
): Promise<StoredTwin | undefined> {
  const training = await readJson<TrainReport[]>(folder, 'training.json');
  const stored = await readJson<{ predicted: number[] }>(folder, 'evaluation.json');
  if (experiment.twin === undefined || training === null) return undefined;
  const checkpointSha256 = training.at(-1)?.checkpointSha256;
  const predictions = stored === null ? [] : await readPredictions(folder, dataset, stored.predicted);
  const scored = predictions.length === 0 ? {} : scoredView(score(predictions));
  return { view: { training, ...scored }, ...(checkpointSha256 === undefined ? {} : { checkpointSha256 }) };
}

async function readPredictions(
  folder: string,
  dataset: Dataset,
  trials: readonly number[],
): Promise<TrialPrediction[]> {
  const predictions: TrialPrediction[] = [];
  for (const trial of trials) {
    const columns = await readColumns(folder, `prediction-${trial}.arrow`);
    const { probability, soma } = columns ?? {};
    if (!(probability instanceof Float32Array) || !(soma instanceof Float32Array)) continue;
    predictions.push(await besideTruth(dataset, trial, probability, soma));
  }
  return predictions;
}

function scoredView(evaluation: TwinEvaluation): Pick<TwinView, 'roc' | 'prediction' | 'metrics'> {
  const roc = rocOf(evaluation);
  const prediction = shownPrediction(evaluation.predictions, roc?.threshold);
  return {
    metrics: metricsOf(evaluation),
    ...(roc === null ? {} : { roc: roc.curve }),
    ...(prediction === null ? {} : { prediction }),
  };
}

interface DrawnRoc {
  readonly curve: RocCurve;
  readonly threshold: { readonly probability: number; readonly falsePositiveRate: number };
}

function rocOf({ predictions, auc }: TwinEvaluation): DrawnRoc | null {
  const late = (pick: (one: TrialPrediction) => ArrayLike<number>) =>
    predictions.filter((one) => one.scored).flatMap((one) => Array.from(pick(one)).slice(SCORED_FROM_MS));
  const curve = rocCurve(
    late((one) => one.spikes),
    late((one) => one.probability),
  );
  if (curve === null || auc === null) return null;
  const { falsePositiveRate, truePositiveRate, threshold } = curve;
  const index = Math.max(
    0,
    falsePositiveRate.findLastIndex((rate) => rate <= SHOWN_FALSE_POSITIVE_RATE),
  );
  const at = { probability: threshold[index] as number, falsePositiveRate: falsePositiveRate[index] as number };
  return { curve: { falsePositiveRate, truePositiveRate, auc }, threshold: at };
}

/** The scored trial with the most spikes says most. */
function shownPrediction(
  predictions: readonly TrialPrediction[],
  threshold?: DrawnRoc['threshold'],
): Prediction | null {
  const [most] = [...predictions]
    .filter((one) => one.scored)
    .sort((a, b) => b.outputSpikes - a.outputSpikes || a.trial - b.trial);
  if (most === undefined) return null;
  const from = SCORED_FROM_MS;
  return {
    trial: most.trial,
    startMs: from,
    soma: most.target.subarray(from),
    predictedSoma: most.soma.subarray(from),
    spikeProbability: most.probability.subarray(from),
    // The middle of each bin that holds a spike.
    spikeTimes: Array.from(most.spikes.keys()).filter((bin) => bin >= from && most.spikes[bin] === 1),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function metricsOf(evaluation: TwinEvaluation): TwinMetrics {
  const { trials, spikes, auc, tprAt0_25, tprAt1, rescaled } = evaluation;
  return {
    trials: trials.length,
    spikes,
    auc,
    truePositiveRateAt025Percent: tprAt0_25,
    truePositiveRateAt1Percent: tprAt1,
    soma: somaScore(evaluation),
    somaRescaled: somaScore(rescaled),
  };
}

function somaScore({ somaExplainedVariance, somaRmse, somaMae }: VoltageScores): SomaScore {
  return { explainedVariance: somaExplainedVariance ?? Number.NaN, rmseMv: somaRmse, maeMv: somaMae };
}
