/** What the accuracy-cost curve is computed with, on traces and curves that are known in closed form. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalErrors, type Point, type Setting } from '../bench/accuracy-curve.ts';
import { crossings, sampled, type Trace } from '../bench/trace.ts';
import { summarise, traceError } from '../bench/trace-error.ts';

/** A wave that rises through -25 mV at `late` ms and every 20 ms from there. */
function wave(steps: readonly number[], late: number): Trace {
  let t = 0;
  const times = Float64Array.from([0, ...steps], (step) => {
    t += step;
    return t;
  });
  return { times, voltages: times.map((time) => -25 + 60 * Math.sin((2 * Math.PI * (time - late)) / 20)) };
}

/** Steps of any sizes, as a variable step takes them. */
const uneven = fc.array(fc.double({ min: 0.005, max: 0.08, noNaN: true }), { minLength: 1500, maxLength: 1600 });

describe('a trace between its steps', () => {
  it('gives the potential of a smooth wave, whatever the steps', () => {
    fc.assert(
      fc.property(uneven, (steps) => {
        const trace = wave(steps, 3);
        const count = Math.floor((trace.times.at(-1) as number) / 0.1);
        const values = sampled(trace, 0.1, count);
        values.forEach((v, k) => {
          expect(Math.abs(v - (-25 + 60 * Math.sin((2 * Math.PI * (k * 0.1 - 3)) / 20)))).toBeLessThan(2e-3);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('finds where it rises, far closer than its steps', () => {
    fc.assert(
      fc.property(uneven, fc.double({ min: 1, max: 5, noNaN: true }), (steps, late) => {
        const found = crossings(wave(steps, late));
        expect(found.length).toBeGreaterThan(0);
        found.forEach((time, k) => {
          expect(Math.abs(time - late - 20 * k)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe('the error of a trace', () => {
  const steps = new Array<number>(2000).fill(0.025);

  it('is the shift of its spikes', () => {
    const error = summarise([traceError(wave(steps, 3.02), wave(steps, 3), 50)]);
    expect(error).toMatchObject({ spikes: 3, unmatched: 0 });
    expect(error.shiftMeanMs).toBeCloseTo(0.02, 5);
    expect(error.shiftMaxMs).toBeCloseTo(0.02, 5);
  });

  it('counts spikes that only one of them has', () => {
    const silent: Trace = { times: wave(steps, 3).times, voltages: new Float64Array(2001).fill(-70) };
    expect(summarise([traceError(silent, wave(steps, 3), 50)]).unmatched).toBe(3);
    expect(summarise([traceError(wave(steps, 3), silent, 50)]).unmatched).toBe(3);
  });

  it('is 0 of a trace from itself', () => {
    expect(summarise([traceError(wave(steps, 3), wave(steps, 3), 50)])).toMatchObject({ shiftMaxMs: 0, rmsMv: 0 });
  });
});

describe('speed-up at equal error', () => {
  /** An integrator whose spikes shift as dt², whose potential errs as dt, and that costs 1 / dt. */
  const point = (setting: Setting, shiftMeanMs: number, quietRmsMv: number, cost: number): Point => ({
    ...setting,
    shiftMeanMs,
    quietRmsMv,
    cost,
    costMaximum: cost,
    spikes: 1,
    unmatched: 0,
    shiftMaxMs: shiftMeanMs,
    rmsMv: 0,
  });
  const solver = (size: number): Point =>
    point({ engine: 'exact', kind: 'fixed, order 2', size }, size ** 2, size, 1 / size);
  const exact = [0.1, 0.05, 0.025].map(solver);
  const neuron = (shift: number, potential = 0.06): Point =>
    point({ engine: 'neuron', kind: 'variable', size: 1e-3 }, shift, potential, 400);

  it('is what the law of each curve gives, between its points', () => {
    const dts = fc.double({ min: 0.0251, max: 0.0999, noNaN: true });
    fc.assert(
      fc.property(dts, dts, (one, other) => {
        const [found] = equalErrors([neuron(one ** 2, other), ...exact]);
        for (const [match, dt] of [[found?.byShift, one] as const, [found?.byPotential, other] as const]) {
          expect(match?.reached).toBe(true);
          expect((match?.dt ?? 0) / dt).toBeCloseTo(1, 9);
          expect((match?.speedup ?? 0) / (400 * dt)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('takes no setting into account that misses spikes', () => {
    const missing = { ...solver(0.2), unmatched: 1 };
    expect(equalErrors([neuron(0.02), missing, ...exact])[0]?.byShift).toMatchObject({ dt: 0.1, speedup: 40 });
    expect(equalErrors([{ ...neuron(0.02), unmatched: 1 }, ...exact])).toEqual([]);
  });

  it('says so where the curve does not get there, or starts out better', () => {
    expect(equalErrors([neuron(1e-5), ...exact])[0]?.byShift).toMatchObject({ reached: false, dt: 0.025, speedup: 10 });
    expect(equalErrors([neuron(1), ...exact])[0]?.byShift).toMatchObject({ reached: true, dt: 0.1, speedup: 40 });
  });
});
