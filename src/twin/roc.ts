/** Receiver operating characteristic of scores against labels, over typed arrays. A label is positive where it is not 0. */
import { UsageError } from '../errors.ts';

/** One point a distinct score, from (0, 0) to (1, 1); a score and above count as positive. */
export interface RocCurve {
  /** Rising, first 0, last 1. */
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /** Score of each point; the first is +Infinity. */
  readonly threshold: Float64Array;
}

/**
 * The whole curve, no point left out.
 * @returns null where the labels are all positive or all negative: there is no curve then
 * @throws UsageError where lengths differ or a score is NaN
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): RocCurve | null {
  const order = descending(labels, scores);
  const positives = countPositives(labels);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const points: [number, number, number][] = [[0, 0, Number.POSITIVE_INFINITY]];
  let hits = 0;
  let alarms = 0;
  for (let k = 0; k < order.length; k++) {
    const row = order[k] as number;
    if (labels[row] !== 0) hits++;
    else alarms++;
    const next = order[k + 1];
    const score = scores[row] as number;
    if (next === undefined || scores[next] !== score) points.push([alarms / negatives, hits / positives, score]);
  }
  return {
    falsePositiveRate: Float64Array.from(points, (point) => point[0]),
    truePositiveRate: Float64Array.from(points, (point) => point[1]),
    threshold: Float64Array.from(points, (point) => point[2]),
  };
}

/**
 * Area under the curve: the probability that a positive scores above a negative, ties counting half (Mann-Whitney).
 * @returns null where the labels are all positive or all negative
 * @throws UsageError where lengths differ or a score is NaN
 */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  const curve = rocCurve(labels, scores);
  return curve === null ? null : areaUpTo(curve, 1);
}

/** The highest true-positive rate that some threshold reaches without exceeding a false-positive rate. */
export function truePositiveRateAt(curve: RocCurve, falsePositiveRate: number): number {
  let best = 0;
  for (let k = 0; k < curve.falsePositiveRate.length; k++) {
    if ((curve.falsePositiveRate[k] as number) > falsePositiveRate) break;
    best = curve.truePositiveRate[k] as number;
  }
  return best;
}

/** Area under the curve from 0 to a false-positive rate, straight lines between points. */
export function areaUpTo(curve: RocCurve, falsePositiveRate: number): number {
  let area = 0;
  for (let k = 1; k < curve.falsePositiveRate.length; k++) {
    const left = curve.falsePositiveRate[k - 1] as number;
    const right = curve.falsePositiveRate[k] as number;
    if (left >= falsePositiveRate) break;
    const low = curve.truePositiveRate[k - 1] as number;
    const high = curve.truePositiveRate[k] as number;
    const end = Math.min(right, falsePositiveRate);
    const atEnd = right > left ? low + ((high - low) * (end - left)) / (right - left) : high;
    area += ((end - left) * (low + atEnd)) / 2;
  }
  return area;
}

/**
 * The area up to a false-positive rate on the scale of a whole one: 0.5 is chance, 1 is perfect.
 * McClish 1989, Medical Decision Making 9:190.
 */
export function partialAuc(curve: RocCurve, falsePositiveRate: number): number {
  const chance = (falsePositiveRate * falsePositiveRate) / 2;
  return 0.5 * (1 + (areaUpTo(curve, falsePositiveRate) - chance) / (falsePositiveRate - chance));
}

function countPositives(labels: ArrayLike<number>): number {
  let positives = 0;
  for (let k = 0; k < labels.length; k++) if (labels[k] !== 0) positives++;
  return positives;
}

/** Rows by falling score. */
function descending(labels: ArrayLike<number>, scores: ArrayLike<number>): Uint32Array {
  if (labels.length !== scores.length) {
    throw new UsageError(`expected as many scores as labels, found ${scores.length} and ${labels.length}`);
  }
  for (let k = 0; k < scores.length; k++) {
    if (Number.isNaN(scores[k])) throw new UsageError(`score ${k} is not a number, so it cannot be ranked`);
  }
  const order = Uint32Array.from({ length: scores.length }, (_, k) => k);
  return order.sort((a, b) => compare(scores[b] as number, scores[a] as number));
}

/** Subtraction would give NaN for two equal infinities. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
