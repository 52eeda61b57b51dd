import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import {
  type DendriteGeometry,
  dendriteGeometry,
  type EventTable,
  PAPER_RANGES,
  type PaperStimulusOptions,
  paperStimulus,
  type StimulusRequest,
  stimulusFor,
} from '../../src/stimulus/index.ts';
import { describePassiveCell } from '../fixtures/passive-l5pc.ts';
import { emptySnapshot } from '../fixtures/synthetic-cell.ts';

/** Segments of uneven length, the first part of them basal. */
function geometry(basal: number, apical: number): DendriteGeometry {
  return {
    length: Float64Array.from({ length: basal + apical }, (_, k) => 8 + ((k * 37) % 32)),
    tree: Array.from({ length: basal + apical }, (_, k) => (k < basal ? 'basal' : 'apical')),
  };
}

const HAY_SIZE = geometry(262, 377);

interface Counts {
  readonly basal: number[];
  readonly apical: number[];
  readonly excitatory: number[];
  readonly inhibitory: number[];
}

function countTrials(segments: DendriteGeometry, trials: number, options: Partial<PaperStimulusOptions> = {}): Counts {
  const counts: Counts = { basal: [], apical: [], excitatory: [], inhibitory: [] };
  for (let trial = 0; trial < trials; trial++) {
    const { dendrites, channel } = paperStimulus({ seed: 3, trial, durationMs: 6000, segments, ...options });
    const excitatory = channel.filter((c) => c < dendrites);
    counts.excitatory.push(excitatory.length);
    counts.inhibitory.push(channel.length - excitatory.length);
    const basal = excitatory.filter((c) => segments.tree[c] === 'basal').length;
    counts.basal.push(basal);
    counts.apical.push(excitatory.length - basal);
  }
  return counts;
}

function meanAndError(values: number[]): { mean: number; deviation: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(variance), error: Math.sqrt(variance / values.length) };
}

const TRIALS = 30;

// A tree's excitatory spikes per 100 ms are uniform in [0, 800], so 400 in the mean; its inhibitory ones uniform in
// [max(0, ex - 600), ex + 200], whose mean is (25 + 600) / 2. Two trees, 60 times 100 ms; rates are so low that the
// saturation of P(spike) takes away less than 1e-6 of them.
test('trials have the expected numbers of events, the paper’s check figures', () => {
  const { excitatory, inhibitory, basal, apical } = countTrials(HAY_SIZE, TRIALS);
  const figures = [
    { found: excitatory, analytic: 48_000, published: 47_682, publishedDeviation: 2770 },
    { found: inhibitory, analytic: 37_500, published: 37_205, publishedDeviation: 2407 },
  ];
  for (const { found, analytic, published, publishedDeviation } of figures) {
    const { mean, deviation, error } = meanAndError(found);
    expect(Math.abs(mean - analytic) / error).toBeLessThan(4);
    // Theirs is a mean of 48 trials.
    expect(Math.abs(mean - published) / Math.hypot(error, publishedDeviation / Math.sqrt(48))).toBeLessThan(4);
    expect(deviation / publishedDeviation).toBeGreaterThan(0.65);
    expect(deviation / publishedDeviation).toBeLessThan(1.5);
  }
  for (const tree of [basal, apical]) {
    const { mean, error } = meanAndError(tree);
    expect(Math.abs(mean - 24_000) / error).toBeLessThan(4);
  }
});

test('the AMPA conditions have theirs', () => {
  for (const condition of ['AMPA', 'AMPA_SK'] as const) {
    const { basal, apical } = countTrials(HAY_SIZE, 10, { ranges: PAPER_RANGES[condition] });
    // 60 times half of 1,900 and of 2,000; P(spike) takes away a little more here.
    for (const [counts, expected] of [
      [basal, 57_000],
      [apical, 60_000],
    ] as const) {
      const { mean, error } = meanAndError(counts);
      expect(Math.abs(mean - expected) / error).toBeLessThan(4);
    }
  }
});

test('the first and the last ms of a trial are as busy as any other', () => {
  const perMs = new Float64Array(300);
  // Rates low enough that P(spike) is the rate: 5 excitatory and 5 inhibitory spikes of each tree per 100 ms.
  const few = { low: 0, high: 10 };
  const ranges = { excitatoryBasal: few, excitatoryApical: few, inhibitoryMinusExcitatory: { low: 0, high: 0 } };
  for (let trial = 0; trial < 600; trial++) {
    const { time } = paperStimulus({ seed: 8, trial, durationMs: 300, segments: geometry(60, 80), ranges });
    for (const at of time) perMs[at] = (perMs[at] as number) + 1;
  }
  const part = (from: number, to: number) => perMs.subarray(from, to).reduce((sum, n) => sum + n, 0) / (to - from);
  const expected = 600 * 4 * 0.05;
  // Padded with zeros, the edges would have half of it. The rates of a trial move together: 600 draws of a
  // smoothed uniform rate, and 2400 events, leave 3 %.
  for (const [from, to] of [
    [0, 20],
    [140, 160],
    [280, 300],
  ] as const) {
    expect(part(from, to) / expected).toBeGreaterThan(0.85);
    expect(part(from, to) / expected).toBeLessThan(1.15);
  }
});

test('a segment’s events are in proportion to its length and 10 µm more', () => {
  const segments: DendriteGeometry = { length: [0, 10, 30, 5], tree: ['basal', 'basal', 'basal', 'apical'] };
  const counts = new Float64Array(4);
  const ranges = {
    excitatoryBasal: { low: 5, high: 10 },
    excitatoryApical: { low: 5, high: 10 },
    inhibitoryMinusExcitatory: { low: 0, high: 0 },
  };
  for (let trial = 0; trial < 60; trial++) {
    const { channel } = paperStimulus({ seed: 1, trial, durationMs: 6000, segments, ranges });
    for (const c of channel) if (c < 4) counts[c] = (counts[c] as number) + 1;
  }
  const basal = counts.subarray(0, 3).reduce((sum, count) => sum + count, 0);
  for (const [k, share] of [10 / 70, 20 / 70, 40 / 70].entries()) {
    expect(Math.abs((counts[k] as number) / basal - share)).toBeLessThan(0.02);
  }
});

const small = fc.record({
  seed: fc.maxSafeNat(),
  trial: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  durationMs: fc.integer({ min: 1, max: 400 }),
  basal: fc.integer({ min: 0, max: 6 }),
  apical: fc.integer({ min: 0, max: 6 }),
  releaseProbability: fc.constantFrom(1, 0.5),
});

const draw = ({ basal, apical, ...options }: typeof small extends fc.Arbitrary<infer T> ? T : never): EventTable =>
  paperStimulus({ ...options, segments: geometry(basal, apical) });

test('events are sorted, in range, whole ms, at most one a channel and ms, and the same again', () => {
  fc.assert(
    fc.property(small, (options) => {
      const { dendrites, channel, time } = draw(options);
      expect(dendrites).toBe(options.basal + options.apical);
      expect(channel.length).toBe(time.length);
      for (let k = 0; k < time.length; k++) {
        const [at, target] = [time[k] as number, channel[k] as number];
        const inRange =
          Number.isInteger(at) && at >= 0 && at < options.durationMs && target >= 0 && target < 2 * dendrites;
        const [before, last] = [time[k - 1] ?? -1, channel[k - 1] ?? -1];
        const inOrder = at > before || (at === before && target > last);
        if (!inRange || !inOrder) throw new Error(`event ${k}: channel ${target} at ${at} after ${last} at ${before}`);
      }
      expect(draw(options)).toEqual({ dendrites, channel, time });
    }),
    { numRuns: 200 },
  );
});

test('a shorter trial is the beginning of a longer one', () => {
  fc.assert(
    fc.property(small, fc.integer({ min: 1, max: 300 }), (options, more) => {
      const short = draw(options);
      const long = draw({ ...options, durationMs: options.durationMs + more });
      expect(long.channel.subarray(0, short.channel.length)).toEqual(short.channel);
      const next = long.time[short.time.length] ?? Number.POSITIVE_INFINITY;
      expect(next).toBeGreaterThanOrEqual(options.durationMs);
    }),
    { numRuns: 200 },
  );
});

test('a release probability leaves out that share of the same events', () => {
  const options = { seed: 2, trial: 5, durationMs: 3000, segments: HAY_SIZE };
  const key = (events: EventTable) => Array.from(events.time, (at, k) => at * 2000 + (events.channel[k] as number));
  const all = key(paperStimulus(options));
  const released = key(paperStimulus({ ...options, releaseProbability: 0.3 }));
  const known = new Set(all);
  expect(released.every((event) => known.has(event))).toBe(true);
  const error = Math.sqrt((0.3 * 0.7) / all.length);
  expect(Math.abs(released.length / all.length - 0.3)).toBeLessThan(5 * error);
  expect(paperStimulus({ ...options, releaseProbability: 0 }).time.length).toBe(0);
});

afterEach(() => vi.restoreAllMocks());

test('nothing of it comes from the machine’s own exp, log, pow or random', () => {
  const options = { seed: 2, trial: 1, durationMs: 1000, segments: geometry(5, 5) };
  const expected = paperStimulus(options);
  for (const name of ['exp', 'log', 'pow', 'random', 'sqrt', 'log1p', 'expm1'] as const) {
    vi.spyOn(Math, name).mockImplementation(() => {
      throw new Error(`Math.${name}`);
    });
  }
  expect(paperStimulus(options)).toEqual(expected);
});

/** A cell with dendrites of these lengths, of which the last is apical. */
function cellOf(lengths: number[]) {
  const base = emptySnapshot(lengths.length + 1);
  return {
    ...base,
    dendrite: Int32Array.from({ length: base.nodes }, (_, row) => row - 1),
    length: Float64Array.of(20, ...lengths),
    sectionType: [
      'soma' as const,
      ...lengths.map((_, k) => (k < lengths.length - 1 ? ('basal' as const) : ('apical' as const))),
    ],
  };
}

const request = (stimulus: StimulusRequest['stimulus'], seconds = 0.5): StimulusRequest => ({
  seed: 11,
  stimulus,
  cell: { condition: 'NMDA' },
  simulation: { seconds },
});

test('an experiment’s stimulus is drawn for its cell, by its condition, and without regard to other trials', () => {
  const cell = cellOf([10, 20, 30]);
  const stimulus = { kind: 'paper', releaseProbability: 1 } as const;
  expect(dendriteGeometry(cell)).toEqual({ length: Float64Array.of(10, 20, 30), tree: ['basal', 'basal', 'apical'] });
  const segments = dendriteGeometry(cell);
  const events = stimulusFor(request(stimulus), cell, 4);
  expect(events).toEqual(paperStimulus({ seed: 11, trial: 4, durationMs: 500, segments }));
  expect(events.time.length).toBeGreaterThan(0);
  // `trials` is no part of what the stimulus sees; here it changes, and the events do not.
  const many = { ...request(stimulus), simulation: { seconds: 0.5, trials: 100 } };
  expect(stimulusFor(many, cell, 4)).toEqual(events);
  const ampa = { ...request(stimulus), cell: { condition: 'AMPA' as const } };
  const ranges = PAPER_RANGES.AMPA;
  expect(stimulusFor(ampa, cell, 4)).toEqual(paperStimulus({ seed: 11, trial: 4, durationMs: 500, segments, ranges }));
});

test('an experiment’s own ranges take the place of the condition’s', () => {
  const cell = cellOf([10, 20, 30]);
  const none = { low: 0, high: 0 };
  const stimulus = {
    kind: 'paper',
    excitatoryBasal: none,
    inhibitoryMinusExcitatory: none,
    releaseProbability: 1,
  } as const;
  const { channel } = stimulusFor(request(stimulus), cell, 0);
  // Only the apical segment is left, with as much inhibition as excitation.
  expect(new Set(channel)).toEqual(new Set([2, 5]));
});

test('silence has no events; a trial is a whole number of ms', () => {
  const cell = cellOf([10, 20]);
  const silent = stimulusFor(request({ kind: 'silent' }), cell, 0);
  expect(silent).toEqual({ dendrites: 2, channel: new Int32Array(0), time: new Float64Array(0) });
  const paper = { kind: 'paper', releaseProbability: 1 } as const;
  expect(() => stimulusFor(request(paper, 0.0005), cell, 0)).toThrow(/whole number of ms/);
});

const models = process.env.TWINCELL_MODELS ?? join(packageFolder(), '..', 'shared', 'data');
const hay = join(models, 'hay2011', 'cell1.asc');

test('on the geometry of l5pc-hay, as NEURON has it, the basal and apical trees get the same', async (context) => {
  if (!existsSync(hay)) context.skip('needs the morphology of l5pc-hay: set TWINCELL_MODELS');
  const segments = dendriteGeometry(await describePassiveCell(hay));
  expect(segments.tree.filter((tree) => tree === 'basal')).toHaveLength(262);
  expect(segments.tree.filter((tree) => tree === 'apical')).toHaveLength(377);
  const { basal, apical } = countTrials(segments, 12);
  // The published split is a mean of 48 trials: 24,119 and 23,563; a tree's count varies by about 1,800 a trial.
  for (const [counts, published] of [
    [basal, 24_119],
    [apical, 23_563],
  ] as const) {
    const { mean, deviation, error } = meanAndError(counts);
    expect(Math.abs(mean - published) / Math.hypot(error, deviation / Math.sqrt(48))).toBeLessThan(4);
  }
});
