import { describe, expect, test } from 'vitest';
import { clampRow } from '../../src/engine/clamps.ts';
import type { ClampSite, CurrentClamp } from '../../src/engine/engine.ts';
import { isTwincellError } from '../../src/errors.ts';
import { emptySnapshot } from '../fixtures/synthetic-cell.ts';

// One section: a node without membrane, then five segments of 0.2 each.
const CELL = { ...emptySnapshot(6), somaNode: 1, nexusNode: 4 };
const clamp = (site: ClampSite, more: Partial<CurrentClamp> = {}): CurrentClamp => ({
  site,
  delayMs: 1,
  durationMs: 2,
  amplitudeNa: 0.1,
  ...more,
});

describe('the row a clamp injects into', () => {
  test.each([
    ['soma', 1],
    ['nexus', 4],
    [0, 1],
    [4, 5],
    [{ section: 'dend[0]', x: 0.01 }, 1],
    [{ section: 'dend[0]', x: 0.21 }, 2],
    [{ section: 'dend[0]', x: 0.5 }, 3],
    [{ section: 'dend[0]', x: 0.99 }, 5],
  ] as [ClampSite, number][])('%o is row %i', (site, row) => {
    expect(clampRow(CELL, clamp(site))).toBe(row);
  });
});

describe('a clamp that cannot be is refused', () => {
  test.each([
    [clamp(5), /compartment 5.*0 to 4/],
    [clamp({ section: 'apic[0]', x: 0.5 }), /no section apic\[0\]/],
    [clamp({ section: 'dend[0]', x: 1 }), /between 0 and 1/],
    [clamp({ section: 'dend[0]', x: Number.NaN }), /between 0 and 1/],
    [clamp('soma', { delayMs: -1 }), /-1 ms/],
    [clamp('soma', { durationMs: Number.NaN }), /NaN ms/],
    [clamp('soma', { amplitudeNa: Number.POSITIVE_INFINITY }), /Infinity nA/],
  ])('%o', (wrong, words) => {
    try {
      clampRow(CELL, wrong);
    } catch (error) {
      expect(isTwincellError(error, 'Usage')).toBe(true);
      expect((error as Error).message).toMatch(words);
      return;
    }
    expect.unreachable();
  });
});
