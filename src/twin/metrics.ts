/** How a twin is scored, as Beniaguev et al. 2021 score it. Pure functions over typed arrays; voltages in mV. */
import { UsageError } from '../errors.ts';
import { partialAuc, rocAuc, rocCurve, truePositiveRateAt } from './roc.ts';

/** The soma voltage is clipped here before it is compared (mV). */
export const SOMA_CLIP_MV = -55;
/** Bins before this are not scored (ms). */
export const SCORED_FROM_MS = 500;
/** Trials with more output spikes are not scored. */
export const MOST_SPIKES = 24;

/** Spike scores of a twin. Rates and areas are null where the scored bins hold no spike (or nothing but spikes). */
export interface SpikeScores {
  readonly auc: number | null;
  /** True-positive rate at 0.25 % and 1 % false positives. */
  readonly tprAt0_25: number | null;
  readonly tprAt1: number | null;
  /** Area restricted to those false-positive rates, scaled so that 0.5 is chance (McClish 1989). */
  readonly partialAucAt0_25: number | null;
  readonly partialAucAt1: number | null;
}

/** Scores of a predicted soma voltage against the clipped one. */
export interface VoltageScores {
  /** 1 - var(target - predicted) / var(target); null where the target is constant. */
  readonly somaExplainedVariance: number | null;
  /** mV. */
  readonly somaRmse: number;
  /** mV. */
  readonly somaMae: number;
}

/** Whether a trial is scored: 0 to 24 output spikes. */
export function isScored(outputSpikes: number): boolean {
  return outputSpikes >= 0 && outputSpikes <= MOST_SPIKES;
}

/** Spike scores over 1 ms bins. @param labels not 0 where a bin holds a spike */
export function spikeScores(labels: ArrayLike<number>, probability: ArrayLike<number>): SpikeScores {
  const curve = rocCurve(labels, probability);
  if (curve === null) {
    return { auc: null, tprAt0_25: null, tprAt1: null, partialAucAt0_25: null, partialAucAt1: null };
  }
  return {
    auc: rocAuc(labels, probability),
    tprAt0_25: truePositiveRateAt(curve, 0.0025),
    tprAt1: truePositiveRateAt(curve, 0.01),
    partialAucAt0_25: partialAuc(curve, 0.0025),
    partialAucAt1: partialAuc(curve, 0.01),
  };
}

/** Voltage scores. @param target soma voltage, clipped already (mV) */
export function voltageScores(target: ArrayLike<number>, predicted: ArrayLike<number>): VoltageScores {
  sameLength(target, predicted);
  const difference = Float64Array.from({ length: target.length }, (_, k) => at(target, k) - at(predicted, k));
  const variance = deviation(target) ** 2;
  return {
    somaExplainedVariance: variance > 0 ? 1 - deviation(difference) ** 2 / variance : null,
    somaRmse: Math.sqrt(mean(difference.map((value) => value * value))),
    somaMae: mean(difference.map(Math.abs)),
  };
}

/** The voltage clipped at -55 mV. */
export function clipSoma(voltage: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: voltage.length }, (_, k) => Math.min(at(voltage, k), SOMA_CLIP_MV));
}

/**
 * The prediction moved and stretched to the target's mean and standard deviation, as the original evaluation does (it
 * looks at the answers, so it flatters). A constant prediction is only moved.
 */
export function rescaleTo(target: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  sameLength(target, predicted);
  const spread = deviation(predicted);
  const factor = spread > 0 ? deviation(target) / spread : 1;
  const [from, to] = [mean(predicted), mean(target)];
  return Float64Array.from({ length: predicted.length }, (_, k) => to + (at(predicted, k) - from) * factor);
}

/**
 * Functional complexity of a cell from the AUC of a twin of depth 3 and width 128 (Aizenbud et al.):
 * log10(1000·(1 - AUC)) / log10(100). It is 0 at an AUC of 0.999 and 1 at 0.9.
 * @throws UsageError where the AUC is not in [0, 1)
 */
export function functionalComplexity(auc: number): number {
  if (!(auc >= 0 && auc < 1)) throw new UsageError(`expected an AUC of at least 0 and below 1, found ${auc}`);
  return Math.log10(1000 * (1 - auc)) / Math.log10(100);
}

function at(values: ArrayLike<number>, k: number): number {
  return values[k] as number;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += at(values, k);
  return sum / values.length;
}

/** Standard deviation of the whole (divided by n). */
function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += (at(values, k) - centre) ** 2;
  return Math.sqrt(sum / values.length);
}

function sameLength(target: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (target.length !== predicted.length || target.length === 0) {
    throw new UsageError(`expected as many predictions as targets, found ${predicted.length} and ${target.length}`);
  }
}
