/** What a page of a running cell is made of: its data as text, its traces as they arrive, its pace. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/browser/codec.ts';
import { Recording } from '../../src/browser/page/recording.ts';
import type { Frame } from '../../src/browser/protocol.ts';
import { createLiveEvents } from '../../src/browser/worker/events.ts';
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

test('events that are added stand in time’s order behind those of the same time, and no other is changed', () => {
  const event = fc.record({ channel: fc.nat(3), time: fc.nat(20) });
  const volleys = fc.array(fc.record({ channels: fc.array(fc.nat(1), { maxLength: 4 }), time: fc.nat(20) }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), volleys, (given, added) => {
      const all = given.toSorted((a, b) => a.time - b.time);
      const live = createLiveEvents({
        dendrites: 2,
        channel: Int32Array.from(all, ({ channel }) => channel),
        time: Float64Array.from(all, ({ time }) => time),
      });
      live.strengthen(2, 0.5);
      for (const { channels, time } of added) {
        expect(live.add(channels, time)).toBe(true);
        all.push(...channels.map((channel) => ({ channel, time })));
      }
      const wanted = all.toSorted((a, b) => a.time - b.time);
      const { channel, time, weight } = live.table;
      const found = wanted.map((_, k) => ({ channel: channel[k], time: time[k], weight: weight?.[k] }));
      expect(found).toEqual(wanted.map((one) => ({ ...one, weight: one.channel < 2 ? 2 : 0.5 })));
      expect(time.slice(wanted.length).every((one) => one === Number.POSITIVE_INFINITY)).toBe(true);
    }),
  );
});

test('a trial takes only so many more events', () => {
  const live = createLiveEvents({ dendrites: 1, channel: new Int32Array(0), time: new Float64Array(0) });
  expect(live.add(new Int32Array(4000), 1)).toBe(true);
  expect(live.add(new Int32Array(1000), 1)).toBe(false);
  expect(live.table.time.filter(Number.isFinite).length).toBe(4000);
});
