import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SPIKE_PEAK_MV, spikeBins, spikePeaks } from '../../src/engine/spikes.ts';

test('the peak of a parabola above -25 mV is one spike at its top', () => {
  const trace = Array.from({ length: 41 }, (_, k) => 30 - (k - 17) ** 2);
  expect(spikePeaks(trace)).toEqual([17]);
});

test('a plateau counts once; the ends of the trace do not count', () => {
  expect(spikePeaks([-70, 0, 0, 0, -70])).toEqual([1]);
  expect(spikePeaks([10, 0, -70, 0, 10])).toEqual([]);
});

test('peaks below -25 mV are no spikes', () => {
  expect(spikePeaks([-70, SPIKE_PEAK_MV, -70])).toEqual([]);
  expect(spikePeaks([-70, SPIKE_PEAK_MV + 1e-9, -70])).toEqual([1]);
});

test('every spike is a local maximum above the threshold, and none is missed', () => {
  const samples = fc.array(fc.double({ min: -90, max: 40, noNaN: true }), { minLength: 3 });
  fc.assert(
    fc.property(samples, (trace) => {
      const strict = trace.flatMap((here, k) => {
        const [before, after] = [trace[k - 1], trace[k + 1]];
        return before !== undefined && after !== undefined && before < here && here > after && here > -25 ? [k] : [];
      });
      const found = spikePeaks(trace);
      for (const k of strict) expect(found).toContain(k);
      for (const k of found) {
        expect(trace[k]).toBeGreaterThan(-25);
        expect(trace[k - 1]).toBeLessThan(trace[k] as number);
      }
    }),
  );
});

test('bins are floor(time - 0.5 ms), inside the trial', () => {
  const bins = spikeBins([0.25, 1.4, 1.5, 9.9], 10);
  expect(Array.from(bins)).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
});
