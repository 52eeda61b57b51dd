/** Which trials may judge a twin: never one it was trained or chosen by. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { readOrigin, splitTrials, type TwinOrigin, unseenTrials } from '../../src/twin/index.ts';

const DATA = 'a'.repeat(64);
const origin = fc
  .record({
    training: fc.integer({ min: 1, max: 6 }),
    validation: fc.integer({ min: 1, max: 4 }),
    test: fc.integer({ min: 1, max: 4 }),
  })
  .map(
    ({ training, validation, test: held }): TwinOrigin => ({
      identity: '0'.repeat(64),
      data: DATA,
      trials: training + validation + held,
      split: { validation, test: held },
    }),
  );

describe('trials that may judge a twin', () => {
  test('are none it has seen, also where the data set has grown or more are asked for', () => {
    fc.assert(
      fc.property(
        origin,
        fc.nat(5),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (made, grown, asked) => {
          const { training, validation } = splitTrials(made.trials, made.split);
          const seen = new Set([...training, ...validation]);
          const trials = made.trials + grown;
          let chosen: readonly number[];
          try {
            chosen = unseenTrials(made, DATA, trials, asked);
          } catch (error) {
            // Refused only where there are not so many.
            expect(isTwincellError(error, 'Usage')).toBe(true);
            expect(asked).toBeGreaterThan(trials - seen.size);
            return;
          }
          expect(chosen.filter((trial) => seen.has(trial))).toEqual([]);
          expect(chosen).toHaveLength(asked ?? made.split.test);
          expect(Math.max(...chosen)).toBeLessThan(trials);
        },
      ),
    );
  });

  test('are all of other data', () => {
    fc.assert(
      fc.property(origin, fc.integer({ min: 1, max: 9 }), (made, trials) => {
        expect(unseenTrials(made, 'b'.repeat(64), trials)).toEqual(Array.from({ length: trials }, (_, k) => k));
        expect(unseenTrials(made, 'b'.repeat(64), trials, 1)).toEqual([trials - 1]);
      }),
    );
  });
});

/** A checkpoint without tensors that says so much of itself. */
function checkpoint(description: unknown): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: { twincell: JSON.stringify(description) } }));
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

test('a checkpoint says what it was trained on, or is refused by name', () => {
  const said = { identity: 'c', data: 'd', trials: 6, split: { validation: 1, test: 2 } };
  expect(readOrigin(checkpoint({ ...said, format: 1 }), 'twin.safetensors')).toEqual(said);
  for (const less of ['identity', 'data', 'trials', 'split']) {
    const bytes = checkpoint({ ...said, [less]: undefined });
    expect(() => readOrigin(bytes, 'old.safetensors')).toThrow(/old\.safetensors: it does not say which trials/);
  }
});
