/** What a page of a running cell is made of: its data as text, its traces as they arrive, its pace. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/browser/codec.ts';
import { Recording } from '../../src/browser/page/recording.ts';
import type { Frame } from '../../src/browser/protocol.ts';
import { createPace } from '../../src/browser/worker/pace.ts';
import { spikePeaks } from '../../src/engine/spikes.ts';

test('data comes back as it was, bit by bit', async () => {
  const arrays = fc.oneof(fc.float64Array(), fc.float32Array(), fc.int32Array());
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(fc.double(), fc.string({ unit: 'binary' }), fc.boolean(), fc.constant(null), arrays),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.stringMatching(/^[a-z_]\w*$/), tie('value'), { maxKeys: 5, noNullPrototype: true }),
      fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(value, async (original) => {
      expect(await decode(await encode(original))).toStrictEqual(original);
    }),
    { numRuns: 40 },
  );
});

test('an array larger than a call’s arguments comes back', async () => {
  const original = Float64Array.from({ length: 100_001 }, (_, k) => Math.sin(k));
  expect(await decode(await encode({ original }))).toStrictEqual({ original });
});

function frameOf(soma: Float64Array): Frame {
  const nothing = new Float64Array(soma.length);
  const rest = { nexus: nothing, chosen: nothing, node: -1, highest: new Float32Array(1), busyMs: 1, ended: false };
  return { is: 'frame', trial: 0, steps: 0, soma, ...rest };
}

test('spikes are found in whatever pieces a trace arrives', () => {
  const level = fc.constantFrom(-70, -40, -25, -24, 10, 30);
  const traces = fc.tuple(fc.array(level, { minLength: 2, maxLength: 60 }), fc.array(fc.nat(5), { maxLength: 40 }));
  fc.assert(
    fc.property(traces, ([trace, sizes]) => {
      const recording = new Recording(1, trace.length);
      let place = 0;
      for (const size of [...sizes, trace.length]) {
        recording.add(frameOf(Float64Array.from(trace.slice(place, place + size))), -1);
        place = Math.min(trace.length, place + size);
      }
      expect(recording.count).toBe(trace.length);
      expect(recording.spikes).toEqual(spikePeaks(trace));
    }),
  );
});

test('at a chosen speed as many steps are due as have time to pass, and lost time is not made up for', () => {
  const pace = createPace(0.025);
  pace.set(100, 5000, 40);
  expect(pace.due(5000, 40)).toBe(40);
  expect(pace.due(5010, 40)).toBeCloseTo(40 + 40, 9);
  // A second in which nothing could run: one step at once, then as before from here.
  expect(pace.due(6000, 40)).toBe(41);
  expect(pace.due(6010, 41)).toBeCloseTo(40 + 40, 9);
  pace.set(null, 7000, 0);
  expect(pace.due(7000, 0)).toBe(Number.POSITIVE_INFINITY);
});
