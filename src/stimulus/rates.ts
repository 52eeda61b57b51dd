/**
 * Rates of a trial: steps 1 to 3 of the recipe. Everything is drawn period by period from period `first` on, so that a
 * shorter trial has the same rates as the beginning of a longer one.
 */
import { randomStream } from '../experiment/random.ts';

/** A tree of dendrites. */
export type Tree = 'basal' | 'apical';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Spikes of a whole tree per 100 ms; the inhibitory range is relative to the excitatory spikes, never below 0. */
export interface RateRanges {
  readonly excitatoryBasal: Range;
  readonly excitatoryApical: Range;
  readonly inhibitoryMinusExcitatory: Range;
}

/** How the rates of one trial move in time (ms). */
export interface Shape {
  readonly periodMs: number;
  readonly sigma: number;
}

const PERIODS_MS = [25, 30, 35, 40, 45, 55, 60, 65, 70, 75, 80, 85, 90, 100, 150, 200, 300, 450];
const SIGMAS_MS = [25, 30, 35, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 600];
/** Added to both: a whole number of ms from -20 to 20, each as likely. */
const JITTER_MS = 20;

export function drawShape(seed: number, trial: number): Shape {
  const stream = randomStream({ seed, trial, purpose: 'stimulus-shape' });
  const pick = (options: readonly number[]): number => {
    const option = options[stream.integer(options.length)] as number;
    return option + stream.integer(2 * JITTER_MS + 1) - JITTER_MS;
  };
  return { periodMs: pick(PERIODS_MS), sigma: pick(SIGMAS_MS) };
}

/** One value a period for each tree and sign: spikes of the whole tree per ms. */
export interface TreeRates {
  readonly excitatory: Readonly<Record<Tree, Float64Array>>;
  readonly inhibitory: Readonly<Record<Tree, Float64Array>>;
}

export function drawTreeRates(seed: number, trial: number, ranges: RateRanges, periods: number): TreeRates {
  const stream = randomStream({ seed, trial, purpose: 'stimulus-rates' });
  const rates: TreeRates = {
    excitatory: { basal: new Float64Array(periods), apical: new Float64Array(periods) },
    inhibitory: { basal: new Float64Array(periods), apical: new Float64Array(periods) },
  };
  const between = (low: number, high: number): number => low + (high - low) * stream.uniform();
  for (let period = 0; period < periods; period++) {
    for (const tree of ['basal', 'apical'] as const) {
      const range = excitatoryRange(ranges, tree);
      const excitatory = between(range.low, range.high);
      const { low, high } = inhibitoryRange(ranges, excitatory);
      rates.excitatory[tree][period] = excitatory / 100;
      rates.inhibitory[tree][period] = between(low, high) / 100;
    }
  }
  return rates;
}

export function excitatoryRange(ranges: RateRanges, tree: Tree): Range {
  return tree === 'basal' ? ranges.excitatoryBasal : ranges.excitatoryApical;
}

/** Inhibitory spikes of a tree per 100 ms beside so many excitatory ones. */
export function inhibitoryRange(ranges: RateRanges, excitatory: number): Range {
  const { low, high } = ranges.inhibitoryMinusExcitatory;
  return { low: Math.max(0, excitatory + low), high: Math.max(0, excitatory + high) };
}
