import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/experiment/random.ts';
import { drawShape, drawTreeRates, inhibitoryRange } from '../../src/stimulus/rates.ts';
import { createSmoothing } from '../../src/stimulus/smoothing.ts';
import { drawArrivals, spikeProbability } from '../../src/stimulus/thinning.ts';

/** The smoothing written out: a rate for every ms, and a sum over the whole kernel. */
function smoothedDirectly(rateAt: (ms: number) => number, sigma: number, at: number): number {
  const length = 1 + 7 * sigma;
  const weights = Array.from({ length }, (_, i) => Math.exp(-((i - (length - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight);
  // A centred convolution: sample i of the kernel meets the rate (length - 1) / 2 - i ms later, rounded down.
  const centre = Math.floor((length - 1) / 2);
  return weights.reduce((sum, weight, i) => sum + (weight / total) * rateAt(at + centre - i), 0);
}

test('smoothing by the cumulative kernel equals the direct convolution', () => {
  const shapes = fc.record({
    sigma: fc.integer({ min: 5, max: 60 }),
    periodMs: fc.integer({ min: 1, max: 120 }),
    at: fc.integer({ min: 0, max: 400 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(shapes, ({ sigma, periodMs, at, seed }) => {
      const smoothing = createSmoothing(sigma, periodMs);
      const first = Math.floor(-smoothing.back / periodMs);
      const periods = Math.floor((400 + smoothing.ahead) / periodMs) - first + 1;
      const { uniform } = randomStream({ seed, trial: 0, purpose: 'stimulus-rates' });
      const rates = Float64Array.from({ length: periods }, uniform);
      const rateAt = (ms: number) => rates[Math.floor(ms / periodMs) - first] ?? Number.NaN;
      expect(smoothing.at(at, rates, first)).toBeCloseTo(smoothedDirectly(rateAt, sigma, at), 12);
    }),
    { numRuns: 300 },
  );
});

test('a constant rate stays what it is, at every ms of the trial', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 620 }), fc.integer({ min: 5, max: 470 }), (sigma, periodMs) => {
      const smoothing = createSmoothing(sigma, periodMs);
      const first = Math.floor(-smoothing.back / periodMs);
      const rates = new Float64Array(Math.floor((5999 + smoothing.ahead) / periodMs) - first + 1).fill(0.25);
      for (const at of [0, 1, 2999, 5999]) expect(smoothing.at(at, rates, first)).toBeCloseTo(0.25, 13);
    }),
  );
});

test('periods and smoothing are the listed ones, jittered by up to 20 ms', () => {
  const periods = [25, 30, 35, 40, 45, 55, 60, 65, 70, 75, 80, 85, 90, 100, 150, 200, 300, 450];
  const sigmas = [25, 30, 35, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 600];
  const near = (options: number[], x: number) => options.some((option) => Math.abs(option - x) <= 20);
  const means = { periodMs: 0, sigma: 0 };
  const unlisted: number[][] = [];
  const count = 20_000;
  for (let trial = 0; trial < count; trial++) {
    const { periodMs, sigma } = drawShape(9, trial);
    const listed = near(periods, periodMs) && near(sigmas, sigma);
    if (!(listed && Number.isInteger(periodMs) && Number.isInteger(sigma))) unlisted.push([periodMs, sigma]);
    means.periodMs += periodMs / count;
    means.sigma += sigma / count;
  }
  expect(unlisted).toEqual([]);
  // Standard errors of these means: 0.8 and 1.4 ms.
  expect(Math.abs(means.periodMs - periods.reduce((a, b) => a + b) / periods.length)).toBeLessThan(4);
  expect(Math.abs(means.sigma - sigmas.reduce((a, b) => a + b) / sigmas.length)).toBeLessThan(7);
});

test('rates of the trees are uniform in their ranges, inhibition relative to excitation and never below 0', () => {
  const ranges = {
    excitatoryBasal: { low: 0, high: 800 },
    excitatoryApical: { low: 100, high: 300 },
    inhibitoryMinusExcitatory: { low: -600, high: 200 },
  };
  const periods = 20_000;
  const { excitatory, inhibitory } = drawTreeRates(4, 2, ranges, periods);
  for (const tree of ['basal', 'apical'] as const) {
    const { low, high } = tree === 'basal' ? ranges.excitatoryBasal : ranges.excitatoryApical;
    let sum = 0;
    let place = 0;
    let outside = 0;
    for (let k = 0; k < periods; k++) {
      const ex = (excitatory[tree][k] as number) * 100;
      const inhibition = (inhibitory[tree][k] as number) * 100;
      const bottom = Math.max(0, ex - 600);
      if (!(ex >= low && ex < high && inhibition >= bottom && inhibition < ex + 200)) outside++;
      sum += (ex - low) / (high - low);
      place += (inhibition - bottom) / (ex + 200 - bottom);
    }
    // Both are means of uniform numbers, with a standard error of 0.002.
    expect(Math.abs(sum / periods - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(place / periods - 0.5)).toBeLessThan(0.01);
    expect(outside).toBe(0);
  }
});

test('an inhibitory range that lies below 0 is empty, not negative', () => {
  const ranges = { excitatoryBasal: { low: 0, high: 1 }, excitatoryApical: { low: 0, high: 1 } };
  const range = inhibitoryRange({ ...ranges, inhibitoryMinusExcitatory: { low: -50, high: -10 } }, 5);
  expect(range).toEqual({ low: 0, high: 0 });
});

/** P(uniform < p) for p exponential with mean r, by integrating min(p, 1) over the density of p. */
function probabilityByQuadrature(r: number): number {
  const cells = 200_000;
  const end = 40 * r;
  let sum = 0;
  for (let k = 0; k < cells; k++) {
    const p = (end * (k + 0.5)) / cells;
    sum += (Math.min(p, 1) * Math.exp(-p / r) * end) / (r * cells);
  }
  return sum;
}

const RATES = [0.003, 0.02, 0.05, 0.2, 0.5, 1, 3];

test.each(RATES)('with mean %d the probability of a spike is that of the recipe', (r) => {
  expect(spikeProbability(r)).toBeCloseTo(probabilityByQuadrature(r), 7);
});

/** How often each ms of `durationMs` has a spike, over `channels` channels of a rate that moves. */
function spikeCounts(rate: (at: number) => number, highest: number, durationMs: number, channels: number) {
  const counts = new Float64Array(durationMs);
  const pairs = new Float64Array(durationMs);
  for (let channel = 0; channel < channels; channel++) {
    const stream = randomStream({ seed: 77, trial: 0, purpose: 'stimulus-arrivals', index: channel });
    let before = -2;
    drawArrivals(stream, durationMs, highest, rate, (at) => {
      counts[at] = (counts[at] as number) + 1;
      if (before === at - 1) pairs[at] = (pairs[at] as number) + 1;
      before = at;
    });
  }
  return { counts, pairs };
}

test.each([0.01, 0.1, 1])(
  'every ms spikes with its own probability, independently of the one before (mean %d)',
  (r) => {
    const durationMs = 400;
    const channels = 5000;
    const rate = (at: number) => r * (1 + 0.9 * Math.sin(at / 20));
    const { counts, pairs } = spikeCounts(rate, 2 * r, durationMs, channels);
    const p = Array.from({ length: durationMs }, (_, at) => spikeProbability(rate(at)));
    let chi2 = 0;
    let expectedPairs = 0;
    for (const [at, probability] of p.entries()) {
      const variance = channels * probability * (1 - probability);
      chi2 += ((counts[at] as number) - channels * probability) ** 2 / variance;
      if (at > 0) expectedPairs += channels * probability * (p[at - 1] as number);
    }
    expect(Math.abs(chi2 - durationMs) / Math.sqrt(2 * durationMs)).toBeLessThan(5);
    const foundPairs = pairs.reduce((sum, count) => sum + count, 0);
    // Pairs of neighbouring pairs share a ms, so that their variance is up to three times that of a Poisson number.
    expect(Math.abs(foundPairs - expectedPairs) / Math.sqrt(3 * expectedPairs)).toBeLessThan(5);
  },
);

test('a channel that cannot spike does not', () => {
  const { counts } = spikeCounts(() => 0, 0, 100, 10);
  expect(counts.every((count) => count === 0)).toBe(true);
});
