import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/cli/crosscheck.ts';
import { DifferenceTally } from '../../src/crosscheck/index.ts';
import { sketch } from '../../src/crosscheck/sketch.ts';
import { compareTraces } from '../../src/crosscheck/traces.ts';
import type { VoltageBlock } from '../../src/engine/engine.ts';
import '../../src/launch/vitest.ts';

function block(values: readonly number[], sites: number, firstSample = 0, trial = 0): VoltageBlock {
  const samples = values.length / sites;
  return { trial, recording: 'all', firstSample, samples, sites, values: Float64Array.from(values), last: false };
}

describe('differences are tallied by site', () => {
  test('as a direct computation has them, however the samples are cut into blocks', () => {
    const value = fc.double({ min: -100, max: 50, noNaN: true });
    const pairs = fc.array(fc.tuple(value, value, value, value), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(pairs, fc.nat(), (rows, where) => {
        const cut = 1 + (where % (rows.length - 1));
        const tally = new DifferenceTally(2, 0);
        const part = (from: number, to: number, pick: (row: readonly number[]) => number[]) =>
          block(rows.slice(from, to).flatMap(pick), 2, from);
        const left = (row: readonly number[]) => row.slice(0, 2);
        const right = (row: readonly number[]) => row.slice(2);
        tally.add(part(0, cut, left), part(0, cut, right));
        tally.add(part(cut, rows.length, left), part(cut, rows.length, right));
        const differences = rows.map(([a, b, c, d]) => [Math.abs(a - c), Math.abs(b - d)]);
        const bySite = tally.bySite();
        for (const site of [0, 1]) {
          const own = differences.map((row) => row[site] as number);
          expect(bySite[site]?.maxAbsMv).toBe(Math.max(...own));
          const rms = Math.sqrt(own.reduce((sum, d) => sum + d * d, 0) / own.length);
          expect(bySite[site]?.rmsMv).toBeCloseTo(rms, 9);
        }
        const firstRow = differences.findIndex((row) => row.some((d) => d > 0));
        expect(tally.first?.step ?? -1).toBe(firstRow);
      }),
    );
  });

  test('NaN on either side is an infinite difference, never agreement', () => {
    for (const [a, b] of [
      [Number.NaN, 0],
      [0, Number.NaN],
      [Number.NaN, Number.NaN],
    ] as const) {
      const tally = new DifferenceTally(1, 1e-9);
      tally.add(block([a], 1), block([b], 1));
      expect(tally.maxAbsMv).toBe(Number.POSITIVE_INFINITY);
      expect(tally.first).not.toBeNull();
    }
  });

  test('blocks of different samples are refused', () => {
    const tally = new DifferenceTally(1, 0);
    expect(() => tally.add(block([1, 2], 1), block([1], 1))).toThrow(/different samples/);
    expect(() => tally.add(block([1], 1, 0), block([1], 1, 1))).toThrow(/different samples/);
    expect(() => tally.add(block([1], 1, 0, 0), block([1], 1, 0, 1))).toThrow(/different samples/);
  });
});

describe('traces are compared', () => {
  const spike = (at: number) => Array.from({ length: 100 }, (_, k) => (k === at ? 20 : -70));

  test('a spike that is shifted is found by its shift', () => {
    const comparison = compareTraces({ dtMs: 0.5, mv: spike(42) }, { dtMs: 0.5, mv: spike(40) }, { spikeShiftMs: 0.5 });
    expect(comparison).toMatchObject({ matches: false, spikeShiftMs: 1, spikes: [1, 1] });
    expect(compareTraces({ dtMs: 0.5, mv: spike(42) }, { dtMs: 0.5, mv: spike(40) }, { spikeShiftMs: 1 }).matches).toBe(
      true,
    );
  });

  test('a missing spike never matches', () => {
    const flat = Array.from({ length: 100 }, () => -70);
    const tolerance = { spikeShiftMs: 1e9, maxAbsMv: 1e9 };
    expect(compareTraces({ dtMs: 1, mv: flat }, { dtMs: 1, mv: spike(5) }, tolerance).matches).toBe(false);
  });

  test('the matcher says where, by how much, and draws it', () => {
    const received = { dtMs: 0.025, mv: [-70, -69, -68] };
    const reference = { dtMs: 0.025, mv: [-70, -69, -67.5] };
    expect(received).toMatchTrace(reference, { maxAbsMv: 0.5 });
    expect(() => expect(received).toMatchTrace(reference, { maxAbsMv: 0.1 })).toThrow(/differs by 0.5 mV at 0.05 ms/);
    expect(received).not.toMatchTrace({ dtMs: 0.025, mv: [-70, -69, Number.NaN] }, { maxAbsMv: 100 });
  });

  test('the sketch has both marks where they part', () => {
    const drawing = sketch(spike(80), spike(10), 50, 8);
    expect(drawing).toContain('o');
    expect(drawing).toContain('·');
    expect(drawing.split('\n')).toHaveLength(8);
  });
});

test.each([
  ['agrees', 0],
  ['differs', 1],
  ['inert', 1],
  ['refused', 2],
] as const)('a command that finds that it %s ends with %i', (status, code) => {
  expect(exitCodeOf({ status })).toBe(code);
});
