/**
 * The presynaptic spikes of Beniaguev et al. 2021 (Neuron 109:2727): rates of the two trees that change every period, spread
 * over the segments, smoothed in time, and a spike or none in each ms of each channel.
 *
 * - **Edges.** The rates do not begin with the trial: periods are drawn as far before 0 and beyond the end as the
 *   kernel reaches, so that the first and last ms have the same statistics as all others. (Padding with zeros would halve the
 *   rates at both ends, and leave a trial of 200 ms under a kernel of 600 ms almost silent.)
 * - **Shorter trials** are the same process over a shorter span: their events are exactly those of a longer trial with the
 *   same seed and number, up to their end.
 * - Each channel has its own streams: its events depend on the seed, the trial, the trial's rates and its own length only.
 */
import { randomStream } from '../experiment/random.ts';
import { createEventCollector, type EventCollector } from './collector.ts';
import type { EventTable } from './events.ts';
import { drawShape, drawTreeRates, excitatoryRange, inhibitoryRange, type RateRanges, type Tree } from './rates.ts';
import { createSmoothing, type Smoothing } from './smoothing.ts';
import { drawArrivals } from './thinning.ts';

/** Ranges of the paper's three conditions (spikes of a tree per 100 ms). */
export const PAPER_RANGES = {
  NMDA: {
    excitatoryBasal: { low: 0, high: 800 },
    excitatoryApical: { low: 0, high: 800 },
    inhibitoryMinusExcitatory: { low: -600, high: 200 },
  },
  AMPA: {
    excitatoryBasal: { low: 0, high: 1900 },
    excitatoryApical: { low: 0, high: 2000 },
    inhibitoryMinusExcitatory: { low: -1650, high: 150 },
  },
  AMPA_SK: {
    excitatoryBasal: { low: 0, high: 1900 },
    excitatoryApical: { low: 0, high: 2000 },
    inhibitoryMinusExcitatory: { low: -1500, high: 300 },
  },
} as const satisfies Record<string, RateRanges>;

/** Every segment counts as this much longer than it is (µm), so that short ones are not silent. */
const ADDED_LENGTH_UM = 10;
/** A segment's own factor in each period is uniform in this range. */
const FACTOR = { low: 0.5, high: 1.5 };

/** The dendritic segments, one a channel: what the stimulus needs to know of a cell. */
export interface DendriteGeometry {
  /** Length of each segment (µm). */
  readonly length: ArrayLike<number>;
  /** Tree of each segment. */
  readonly tree: readonly Tree[];
}

export interface PaperStimulusOptions {
  /** The experiment's seed and the trial's number, which with the geometry and the ranges decide everything. */
  readonly seed: number;
  readonly trial: number;
  /** Length of the trial, a whole number of ms. */
  readonly durationMs: number;
  readonly segments: DendriteGeometry;
  readonly ranges?: RateRanges;
  /** Probability that a spike reaches its synapse; 1 where absent. */
  readonly releaseProbability?: number;
}

/** What one trial's channels share. */
interface TrialRates {
  readonly durationMs: number;
  readonly smoothing: Smoothing;
  /** Number of the first period. */
  readonly first: number;
}

/** The events of one trial: whole ms, at most one in each ms of each channel, sorted by time and then by channel. */
export function paperStimulus(options: PaperStimulusOptions): EventTable {
  const { seed, trial, durationMs, segments, ranges = PAPER_RANGES.NMDA, releaseProbability = 1 } = options;
  const dendrites = segments.length.length;
  const shape = drawShape(seed, trial);
  const smoothing = createSmoothing(shape.sigma, shape.periodMs);
  const first = Math.floor(-smoothing.back / shape.periodMs);
  const periods = Math.floor((durationMs - 1 + smoothing.ahead) / shape.periodMs) - first + 1;
  const time: TrialRates = { durationMs, smoothing, first };
  const rates = drawTreeRates(seed, trial, ranges, periods);
  const share = shares(segments);

  const events = createEventCollector(durationMs);
  const own = new Float64Array(periods);
  for (let channel = 0; channel < 2 * dendrites; channel++) {
    const inhibitory = channel >= dendrites;
    const segment = inhibitory ? channel - dendrites : channel;
    const tree = segments.tree[segment] as Tree;
    const part = share[segment] as number;
    const highest = part * FACTOR.high * highestTreeRate(ranges, tree, inhibitory);
    fillChannelRates(own, { seed, trial, channel }, part, (inhibitory ? rates.inhibitory : rates.excitatory)[tree]);
    drawChannel(events, { seed, trial, channel }, time, own, highest, releaseProbability);
  }
  return { dendrites, ...events.sorted() };
}

interface ChannelKey {
  readonly seed: number;
  readonly trial: number;
  readonly channel: number;
}

/** Each segment's share of its tree's spikes: in proportion to its length and the added length. */
function shares(segments: DendriteGeometry): Float64Array {
  const total: Record<Tree, number> = { basal: 0, apical: 0 };
  segments.tree.forEach((tree, k) => {
    total[tree] += (segments.length[k] as number) + ADDED_LENGTH_UM;
  });
  return Float64Array.from(segments.tree, (tree, k) => {
    return ((segments.length[k] as number) + ADDED_LENGTH_UM) / total[tree];
  });
}

/** The most spikes of a tree in one ms that the ranges allow. */
function highestTreeRate(ranges: RateRanges, tree: Tree, inhibitory: boolean): number {
  const excitatory = excitatoryRange(ranges, tree).high;
  return (inhibitory ? inhibitoryRange(ranges, excitatory).high : excitatory) / 100;
}

/** A channel's rate in each period: its share of the tree's, times its own factor. */
function fillChannelRates(own: Float64Array, key: ChannelKey, share: number, treeRates: Float64Array): void {
  const { seed, trial, channel } = key;
  const factors = randomStream({ seed, trial, purpose: 'stimulus-factors', index: channel });
  const width = FACTOR.high - FACTOR.low;
  for (let period = 0; period < own.length; period++) {
    own[period] = (treeRates[period] as number) * share * (FACTOR.low + width * factors.uniform());
  }
}

function drawChannel(
  events: EventCollector,
  key: ChannelKey,
  time: TrialRates,
  own: Float64Array,
  highest: number,
  releaseProbability: number,
): void {
  const { seed, trial, channel } = key;
  const arrivals = randomStream({ seed, trial, purpose: 'stimulus-arrivals', index: channel });
  const release =
    releaseProbability < 1 ? randomStream({ seed, trial, purpose: 'stimulus-release', index: channel }) : null;
  const { smoothing, first } = time;
  drawArrivals(
    arrivals,
    time.durationMs,
    highest,
    (at) => smoothing.at(at, own, first),
    (at) => {
      if (release === null || release.uniform() < releaseProbability) events.add(channel, at);
    },
  );
}
