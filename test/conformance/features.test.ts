/** Features by eFEL of traces whose features are known, through the sidecar. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment } from '../../env/index.mjs';
import type { Trace } from '../../src/crosscheck/index.ts';
import { isTwincellError } from '../../src/errors.ts';
import { featureMean, zScore } from '../../src/features/index.ts';
import { extractFeatures } from '../../src/launch/index.ts';

const DT = 0.1;
const REST = -70;
/** Peaks of triangular spikes (ms), 4 ms wide at their foot, up to 30 mV. */
const PEAKS = [250, 350, 500];

function spiking(peaks: readonly number[]): Trace {
  const mv = Float64Array.from({ length: 10_000 }, (_, k) => {
    const distance = Math.min(Number.POSITIVE_INFINITY, ...peaks.map((peak) => Math.abs(k * DT - peak)));
    return REST + 100 * Math.max(0, 1 - distance / 2);
  });
  return { dtMs: DT, mv };
}

const ask = (trace: string, feature: string) => ({ trace, feature, startMs: 200, endMs: 700, thresholdMv: -20 });

beforeAll(async () => {
  await ensureEnvironment('efel');
});

describe('features of traces made of triangles', () => {
  test('come in the order they were asked for, and are what the triangles have', async () => {
    const traces = { spiking: spiking(PEAKS), silent: spiking([]) };
    const found = await extractFeatures(traces, [
      ask('spiking', 'peak_time'),
      ask('silent', 'spike_count'),
      ask('spiking', 'AP_height'),
      ask('silent', 'AP_width'),
      ask('spiking', 'ISI_values'),
      ask('spiking', 'spike_count'),
      ask('spiking', 'voltage_base'),
    ]);
    const [times, silent, heights, width, intervals, count, base] = found;
    expect(times).toHaveLength(3);
    for (const [k, time] of (times ?? []).entries()) expect(time).toBeCloseTo(PEAKS[k] ?? Number.NaN, 6);
    expect(silent).toEqual([0]);
    for (const height of heights ?? []) expect(height).toBeCloseTo(30, 6);
    expect(heights).toHaveLength(3);
    expect(width).toEqual([]);
    // eFEL leaves the first interval out unless it is told otherwise.
    expect(intervals).toHaveLength(1);
    expect(intervals?.[0]).toBeCloseTo(150, 6);
    expect(count).toEqual([3]);
    expect(base?.[0]).toBeCloseTo(REST, 9);
  });

  test('what eFEL does not know, and a trace that is not there, are refused', async () => {
    const traces = { one: spiking(PEAKS) };
    for (const [request, words] of [
      [ask('one', 'no_such_feature'), /no feature no_such_feature/],
      [ask('two', 'peak_time'), /trace two/],
    ] as const) {
      const error = await extractFeatures(traces, [request]).then(
        () => expect.unreachable(),
        (cause: unknown) => cause,
      );
      expect(isTwincellError(error, 'Usage')).toBe(true);
      expect((error as Error).message).toMatch(words);
    }
  });
});

test('a z-score is in standard deviations, and nothing where there is no value', () => {
  expect(zScore(featureMean([1, null, 5]), { mean: 5, deviation: 4 })).toBe(-0.5);
  expect(zScore(featureMean([null]), { mean: 5, deviation: 4 })).toBeNull();
});
