/** What a failing conformance test says: where, by how much, and what both did there. */
import { describe, expect, test } from 'vitest';
import { type CrosscheckResult, crosscheck, type FirstWindow } from '../../src/crosscheck/index.ts';
import type { CellRequest, Engine, VoltageBlock } from '../../src/engine/engine.ts';
import { explainCrosscheck } from '../../src/launch/explain.ts';
import '../../src/launch/vitest.ts';
import { emptySnapshot } from '../fixtures/synthetic-cell.ts';

const DT = 0.025;
/** A spike of 2 ms at a time (ms), sampled for 100 ms. */
const spike = (atMs: number, offset = 0) => ({
  dtMs: DT,
  mv: Float64Array.from({ length: 4001 }, (_, k) => -70 + offset + 90 * Math.max(0, 1 - Math.abs(k * DT - atMs))),
});

/** What an assertion says as it fails. */
function complaint(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return expect.unreachable('the assertion passed');
}

describe('a trace that does not match', () => {
  test('is told by its largest and its first difference, and drawn around the first', () => {
    const said = complaint(() => expect(spike(50.5)).toMatchTrace(spike(50), { maxAbsMv: 1 }));
    expect(said).toContain('differs by 45 mV');
    // The later spike's foot is at 49.5, where the earlier one has risen from -70 for half a millisecond; more than 1 mV
    // apart they are from 49 ms + 1/90 on, so at the next sample.
    expect(said).toMatch(/first beyond that at 49\.025 ms: received -70 mV, expected -67\.7(?:5|4999)/);
    const lines = said.split('\n');
    const pointer = lines.find((line) => /^ +\^$/.test(line)) ?? '';
    const [from, until] = /^ +(\S+) +(\S+) ms$/m.exec(said)?.slice(1).map(Number) ?? [];
    expect(from).toBeCloseTo(39.025, 9);
    expect(until).toBeCloseTo(69.025, 9);
    // 10 of the 30 ms drawn on 64 columns, after the 11 of the labels.
    expect(pointer.length - 1).toBe(11 + Math.floor(64 / 3));
    expect(said).toContain('· expected   o received');
  });

  test('by less than the drawing shows is drawn by its difference, too', () => {
    const said = complaint(() => expect(spike(50, 1e-6)).toMatchTrace(spike(50), { maxAbsMv: 1e-9 }));
    expect(said).toContain('received - expected (mV)');
    expect(said).toMatch(/1\.00e-6 ┤\**/);
    expect(complaint(() => expect(spike(50.5)).toMatchTrace(spike(50)))).not.toContain('received - expected (mV)');
  });

  test('by its spikes is told by them', () => {
    const shifted = complaint(() => expect(spike(50.5)).toMatchTrace(spike(50), { spikeShiftMs: 0.25 }));
    expect(shifted).toContain('spikes shifted by 0.5 ms, allowed 0.25 ms');
    expect(shifted).toContain('first beyond that at 50 ms');
    const missing = complaint(() =>
      expect({ ...spike(50), mv: spike(200).mv }).toMatchTrace(spike(50), { spikeShiftMs: 1 }),
    );
    expect(missing).toContain('0 spikes, expected 1');
  });

  test('by its sampling is told so, also where one is shorter', () => {
    const said = complaint(() => expect({ dtMs: 0.05, mv: [-70, -70] }).toMatchTrace({ dtMs: 0.025, mv: [-70] }));
    expect(said).toContain('sampled every 0.05 ms, expected every 0.025 ms');
    expect(said).toContain('2 samples, expected 1');
  });

  test('one that does match, though it should not, is told by how little it differs', () => {
    const said = complaint(() => expect(spike(50, 0.5)).not.toMatchTrace(spike(50), { maxAbsMv: 1 }));
    expect(said).toContain('the largest difference is 0.5 mV');
  });
});

/** Two sites; `voltage` at a step. Blocks of 40 steps. */
function engineOf(name: string, voltage: (step: number, site: number) => number): Engine {
  const snapshot = { ...emptySnapshot(3), segment: Int32Array.of(-1, 0, 1), somaNode: 1, nexusNode: 2 };
  return {
    name,
    describe: async () => snapshot,
    async *run(_cell, trials, { steps }): AsyncGenerator<VoltageBlock> {
      for await (const { index } of trials) {
        for (let first = 0; first <= steps; first += 40) {
          const samples = Math.min(40, steps + 1 - first);
          const values = Float64Array.from({ length: 2 * samples }, (_, k) => voltage(first + (k >> 1), k & 1));
          const last = first + samples > steps;
          yield { trial: index, recording: 'all', firstSample: first, samples, sites: 2, values, last };
        }
      }
    },
    close: async () => undefined,
  };
}

const ramp = (step: number) => -70 + step / 10;
const DT_MS = 1;
const STEPS = 200;

async function compare(voltage: (step: number, site: number) => number) {
  let window: FirstWindow | null = null;
  const result = await crosscheck({
    reference: engineOf('a', ramp),
    other: engineOf('b', voltage),
    cell: {} as CellRequest,
    trials: () => [
      { index: 0, events: { dendrites: 1, channel: Int32Array.of(0), time: Float64Array.of(1) } },
      { index: 1, events: { dendrites: 1, channel: Int32Array.of(0), time: Float64Array.of(1) } },
    ],
    dt: DT_MS,
    order: 1,
    steps: STEPS,
    toleranceMv: 1e-3,
    onFirst(around) {
      window = around;
    },
  });
  return { result, window: window as FirstWindow | null };
}

describe('two engines that differ', () => {
  // Before and after a border of blocks, at one, and at both ends of the trial: 15 ms before and 25 ms after are kept.
  test.each([0, 3, 39, 40, 41, 70, 200])('from step %i on are shown around it', async (from) => {
    const other = (step: number, site: number) => ramp(step) + (site === 1 && step >= from ? 1 : 0);
    const { result, window } = await compare(other);
    expect(result.status).toBe('differs');
    expect(window?.first).toMatchObject({ trial: 0, site: 1, step: from });
    // What is kept begins at most a block before, and ends with the trial.
    const start = Math.max(0, from - 15, (Math.floor(from / 40) - 1) * 40);
    const steps = Array.from({ length: Math.min(STEPS, from + 25) - start + 1 }, (_, k) => start + k);
    expect(window?.startStep).toBe(start);
    expect(window?.reference).toEqual(steps.map(ramp));
    expect(window?.other).toEqual(steps.map((step) => other(step, 1)));
  });

  test('are explained with both places and a drawing', async () => {
    const { result, window } = await compare((step, site) => ramp(step) + (site === 1 && step >= 50 ? step : 0));
    const said = explainCrosscheck(result, DT_MS, window);
    expect(said).toContain('NEURON and the solver differ by 200 mV (tolerance 0.001 mV)');
    expect(said).toContain('most at trial 0, dend[0](0), step 200');
    expect(said).toContain('first beyond the tolerance at trial 0, dend[0](0), 50 ms: NEURON -65 mV, solver -15 mV');
    expect(said).toContain('· NEURON   o solver');
  });

  test('that agree have no window', async () => {
    const { result, window } = await compare(ramp);
    expect(result.status).toBe('agrees');
    expect(window).toBeNull();
  });
});

test.each([
  [{ status: 'inert', events: 0, voltageRangeMv: 0 }, /nothing to agree on: 0 events/],
  [{ status: 'refused', refused: { construct: 'mechanism X', message: 'because' } }, /refused mechanism X: because/],
  [{ status: 'agrees', maxAbsDiffMv: 1e-9, toleranceMv: 1e-7 }, /expected a difference; the largest is 1e-9 mV/],
] as const)('%o is explained', (result, words) => {
  expect(explainCrosscheck(result as unknown as CrosscheckResult, DT, null)).toMatch(words);
});
