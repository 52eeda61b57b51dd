/** How twins are scored: properties that hold for any labels and scores, and direct counts of the same things. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import {
  areaUpTo,
  clipSoma,
  functionalComplexity,
  isScored,
  PAPER_LAYERS,
  PRESET_NAMES,
  partialAuc,
  receptiveMs,
  rescaleTo,
  rocAuc,
  rocCurve,
  spikeScores,
  splitTrials,
  truePositiveRateAt,
  twinPreset,
  voltageScores,
} from '../../src/twin/index.ts';

/** Labels with both kinds in them, and scores with ties. */
const scored = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 })), { minLength: 2, maxLength: 60 })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2)
  .map((rows) => ({ labels: rows.map(([label]) => Number(label)), scores: rows.map(([, score]) => score / 4) }));

/** The probability that a positive scores above a negative, counted pair by pair. */
function pairCount(labels: readonly number[], scores: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  for (const [i, a] of scores.entries()) {
    for (const [j, b] of scores.entries()) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs += 1;
      wins += a > b ? 1 : a === b ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

describe('the area under the ROC curve', () => {
  test('is the count of pairs that are in order, ties half', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        expect(rocAuc(labels, scores)).toBeCloseTo(pairCount(labels, scores), 12);
      }),
    );
  });

  test('knows only the order of scores', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const auc = rocAuc(labels, scores) as number;
        expect(
          rocAuc(
            labels,
            scores.map((s) => Math.exp(3 * s) - 7),
          ),
        ).toBe(auc);
        expect(
          rocAuc(
            labels,
            scores.map((s) => -s),
          ),
        ).toBeCloseTo(1 - auc, 12);
      }),
    );
  });

  test('is not defined where one kind is missing, and refuses what cannot be ranked', () => {
    expect(rocAuc([0, 0], [1, 2])).toBeNull();
    expect(rocAuc([1, 1], [1, 2])).toBeNull();
    expect(() => rocAuc([0, 1], [1, Number.NaN])).toThrow(UsageError);
    expect(() => rocAuc([0, 1], [1])).toThrow(UsageError);
  });
});

describe('the ROC curve', () => {
  test('rises from (0, 0) to (1, 1), and each point is what its threshold gives', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const curve = rocCurve(labels, scores);
        if (curve === null) throw new Error('both kinds are there');
        const { falsePositiveRate, truePositiveRate, threshold } = curve;
        expect([falsePositiveRate[0], truePositiveRate[0]]).toEqual([0, 0]);
        expect([falsePositiveRate.at(-1), truePositiveRate.at(-1)]).toEqual([1, 1]);
        const positives = labels.filter((label) => label === 1).length;
        for (const [k, at] of threshold.entries()) {
          const said = scores.map((score) => score >= at);
          const hits = said.filter((yes, row) => yes && labels[row] === 1).length;
          const alarms = said.filter((yes, row) => yes && labels[row] === 0).length;
          expect(truePositiveRate[k]).toBeCloseTo(hits / positives, 12);
          expect(falsePositiveRate[k]).toBeCloseTo(alarms / (labels.length - positives), 12);
        }
      }),
    );
  });

  test('gives the best true-positive rate that any threshold reaches within a false-positive rate', () => {
    fc.assert(
      fc.property(scored, fc.double({ min: 0, max: 1, noNaN: true }), ({ labels, scores }, limit) => {
        const curve = rocCurve(labels, scores);
        if (curve === null) throw new Error('both kinds are there');
        const positives = labels.filter((label) => label === 1).length;
        const rates = [...scores, Number.POSITIVE_INFINITY].map((at) => {
          const count = (kind: number) => scores.filter((score, row) => score >= at && labels[row] === kind).length;
          return { hit: count(1) / positives, alarm: count(0) / (labels.length - positives) };
        });
        const best = Math.max(...rates.filter(({ alarm }) => alarm <= limit).map(({ hit }) => hit));
        expect(truePositiveRateAt(curve, limit)).toBeCloseTo(best, 12);
      }),
    );
  });

  test('restricted to low rates is 1 for a perfect score and 0.5 for none', () => {
    const labels = [0, 0, 0, 0, 1, 1];
    const perfect = rocCurve(labels, [0, 1, 2, 3, 4, 5]);
    const none = rocCurve(labels, [1, 1, 1, 1, 1, 1]);
    if (perfect === null || none === null) throw new Error('both kinds are there');
    for (const rate of [0.0025, 0.01, 0.5]) {
      expect(partialAuc(perfect, rate)).toBeCloseTo(1, 12);
      expect(partialAuc(none, rate)).toBeCloseTo(0.5, 12);
    }
  });
});

test('the area restricted to every rate is the whole area, and no rate gives an area beyond its strip', () => {
  fc.assert(
    fc.property(scored, fc.double({ min: 0.001, max: 1, noNaN: true }), ({ labels, scores }, rate) => {
      const curve = rocCurve(labels, scores);
      if (curve === null) throw new Error('both kinds are there');
      // McClish's scale at a rate of 1: 0.5 (1 + (A - 0.5) / 0.5) is A itself.
      expect(partialAuc(curve, 1)).toBeCloseTo(pairCount(labels, scores), 12);
      const area = areaUpTo(curve, rate);
      expect(area).toBeGreaterThanOrEqual(0);
      expect(area).toBeLessThanOrEqual(rate * (1 + 1e-12));
      expect(partialAuc(curve, rate)).toBeLessThanOrEqual(1 + 1e-12);
      // what remains beyond the rate is the area of the curve turned by half a turn
      const turned = rocCurve(
        labels.map((label) => 1 - label),
        scores.map((score) => -score),
      );
      if (turned === null) throw new Error('both kinds are there');
      expect(areaUpTo(turned, 1)).toBeCloseTo(areaUpTo(curve, 1), 12);
    }),
  );
});

test('spikes without a silent bin, and silence without a spike, have no scores', () => {
  const none = { auc: null, tprAt0_25: null, tprAt1: null, partialAucAt0_25: null, partialAucAt1: null };
  expect(spikeScores([0, 0, 0], [0.1, 0.2, 0.3])).toEqual(none);
  expect(spikeScores([1, 1, 1], [0.1, 0.2, 0.3])).toEqual(none);
});

describe('the voltage', () => {
  const trace = fc.array(fc.double({ min: -90, max: -55, noNaN: true }), { minLength: 3, maxLength: 50 });

  test('predicted exactly is explained wholly; a constant shift costs error but no variance', () => {
    fc.assert(
      fc.property(trace, fc.double({ min: -5, max: 5, noNaN: true }), (target, shift) => {
        fc.pre(Math.max(...target) - Math.min(...target) > 0.1);
        expect(voltageScores(target, target)).toEqual({ somaExplainedVariance: 1, somaRmse: 0, somaMae: 0 });
        const moved = voltageScores(
          target,
          target.map((mv) => mv + shift),
        );
        expect(moved.somaExplainedVariance).toBeCloseTo(1, 9);
        expect(moved.somaRmse).toBeCloseTo(Math.abs(shift), 9);
        expect(moved.somaMae).toBeCloseTo(Math.abs(shift), 9);
        expect(
          voltageScores(
            target,
            target.map(() => -60),
          ).somaExplainedVariance,
        ).toBeCloseTo(0, 9);
      }),
    );
  });

  test('is explained as well in other units, and the constant part of an error explains nothing', () => {
    const pairs = fc.array(
      fc.tuple(fc.double({ min: -90, max: -55, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })),
      {
        minLength: 3,
        maxLength: 50,
      },
    );
    const units = fc.record({
      factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
      shift: fc.double({ min: -50, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(pairs, units, (rows, { factor, shift }) => {
        const target = rows.map(([mv]) => mv);
        fc.pre(Math.max(...target) - Math.min(...target) > 1);
        const predicted = rows.map(([mv, error]) => mv + error);
        const other = (values: readonly number[]) => values.map((mv) => factor * mv + shift);
        const plain = voltageScores(target, predicted);
        const scaled = voltageScores(other(target), other(predicted));
        const explained = plain.somaExplainedVariance ?? Number.NaN;
        expect(scaled.somaExplainedVariance).toBeCloseTo(explained, 6);
        expect(scaled.somaRmse).toBeCloseTo(factor * plain.somaRmse, 8);
        expect(scaled.somaMae).toBeCloseTo(factor * plain.somaMae, 8);
        expect(plain.somaMae).toBeLessThanOrEqual(plain.somaRmse + 1e-12);
      }),
    );
    expect(voltageScores([-60, -60, -60], [-61, -60, -59]).somaExplainedVariance).toBeNull();
  });

  test('rescaled has the mean and the deviation of the target', () => {
    fc.assert(
      fc.property(trace, fc.double({ min: 0.2, max: 5, noNaN: true }), (target, factor) => {
        fc.pre(Math.max(...target) - Math.min(...target) > 0.1);
        const back = rescaleTo(
          target,
          target.map((mv) => 3 + factor * mv),
        );
        for (const [k, mv] of back.entries()) expect(mv).toBeCloseTo(target[k] as number, 7);
      }),
    );
  });

  test('is clipped at -55 mV', () => {
    expect(Array.from(clipSoma([-70, -55, -54.9, 30]))).toEqual([-70, -55, -55, -55]);
  });
});

test('trials with 0 to 24 spikes are scored', () => {
  expect([0, 1, 24].every(isScored)).toBe(true);
  expect([25, 100].some(isScored)).toBe(false);
});

test('functional complexity is 0 at an AUC of 0.999 and 1 at 0.9', () => {
  expect(functionalComplexity(0.999)).toBeCloseTo(0, 9);
  expect(functionalComplexity(0.9)).toBeCloseTo(1, 9);
  expect(() => functionalComplexity(1)).toThrow(UsageError);
});

test('trials are split once each: the first train, the next validate, the last test', () => {
  const counts = fc.tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
  );
  fc.assert(
    fc.property(counts, ([trials, validation, test_]) => {
      if (trials <= validation + test_) {
        expect(() => splitTrials(trials, { validation, test: test_ })).toThrow(UsageError);
        return;
      }
      const split = splitTrials(trials, { validation, test: test_ });
      const all = [...split.training, ...split.validation, ...split.test];
      expect(all).toEqual(Array.from({ length: trials }, (_, k) => k));
      expect([split.validation.length, split.test.length]).toEqual([validation, test_]);
    }),
  );
});

test('presets have the paper’s depths and widths, and see as far as their filters reach', () => {
  // The families as ../shared/design/paper.md lists them: width, then the filter length of every layer (ms).
  const published: Record<string, [number, number[]]> = {
    'fcn-1x128': [128, [110]],
    'fcn-2x128': [128, [45, 1]],
    'fcn-3x256': [256, [25, 1, 1]],
    'tcn-2x8': [8, [40, 40]],
    'tcn-3x8': [8, [20, 20, 20]],
    'tcn-3x64': [64, [54, 24, 24]],
    'tcn-4x128': [128, [16, 16, 16, 16]],
    'tcn-5x256': [256, [10, 10, 10, 10, 10]],
    'tcn-6x128': [128, [13, 13, 13, 13, 13, 13]],
    'tcn-7x128': [128, [35, 35, 35, 35, 35, 35, 35]],
    'tcn-8x256': [256, [33, 33, 33, 33, 33, 33, 33, 33]],
    'tcn-presentation': [256, [54, 12, 12, 12, 12, 12, 12]],
  };
  const ours = Object.entries(PAPER_LAYERS).map(([name, layers]) => {
    const widths = new Set(layers.map(({ width }) => width));
    return [name, [...widths, layers.map(({ taps }) => taps)]];
  });
  expect(Object.fromEntries(ours)).toEqual(published);
  expect(twinPreset('tcn-7x128', 'NMDA').network.dendriticComponents).toBe(20);
  expect(twinPreset('tcn-7x128', 'AMPA').network.dendriticComponents).toBe(30);
  // One temporal layer of 110 ms sees 110 ms; two of 40 ms see 79.
  expect(receptiveMs(twinPreset('fcn-1x128').network)).toBe(110);
  expect(receptiveMs(twinPreset('tcn-2x8').network)).toBe(79);
  for (const name of PRESET_NAMES) expect(twinPreset(name).network.layers.length).toBeGreaterThan(0);
  expect(() => twinPreset('tcn-9x9')).toThrow(UsageError);
});
