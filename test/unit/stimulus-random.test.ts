import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PURPOSES, type Purpose, randomStream, threefry } from '../../src/experiment/random.ts';

// Known answers of threefry4x32 with 20 rounds, from the authors' own list (Random123 1.14, tests/kat_vectors): counter,
// key, image. The third takes its input from the digits of pi.
const KNOWN = [
  '00000000 00000000 00000000 00000000  00000000 00000000 00000000 00000000  9c6ca96a e17eae66 fc10ecd4 5256a7d8',
  'ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff ffffffff ffffffff  2a881696 57012287 f6c7446e a16a6732',
  '243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0 082efa98 ec4e6c89  59cd1dbb b8879579 86b5d00c ac8b6d84',
].map((line) => Uint32Array.from(line.split(/ +/), (word) => Number.parseInt(word, 16)));

test.each(KNOWN)('threefry gives the published answers (%#)', (all) => {
  const out = new Uint32Array(4);
  threefry(all.subarray(0, 4), all.subarray(4, 8), out);
  expect(out).toEqual(all.subarray(8));
});

const purposes = Object.keys(PURPOSES) as Purpose[];

const keys = fc.record({
  seed: fc.maxSafeNat(),
  trial: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  purpose: fc.constantFrom(...purposes),
  index: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

test('a stream is its cipher: key (seed, trial, purpose), counter (block, index), 53 bits of two words a number', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const seed = BigInt(key.seed);
      const words = Uint32Array.of(Number(seed & 0xffffffffn), Number(seed >> 32n), key.trial, PURPOSES[key.purpose]);
      const stream = randomStream(key);
      for (let block = 0; block < 3; block++) {
        const out = new Uint32Array(4);
        threefry(Uint32Array.of(block, 0, key.index, 0), words, out);
        for (const pair of [out.subarray(0, 2), out.subarray(2)]) {
          const bits = ((BigInt(pair[0] ?? 0) << 32n) | BigInt(pair[1] ?? 0)) >> 6n;
          const top = ((bits >> 31n) << 26n) | (bits & 0x3ffffffn);
          expect(BigInt(stream.uniform() * 2 ** 53)).toBe(top);
        }
      }
    }),
  );
});

test('every part of the key changes the stream', () => {
  fc.assert(
    fc.property(keys, keys, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      const [x, y] = [randomStream(a), randomStream(b)];
      expect([x.uniform(), x.uniform()]).not.toEqual([y.uniform(), y.uniform()]);
    }),
  );
});

/** χ² of counts that should be equal, as a number of standard deviations. */
function deviation(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const mean = all.reduce((sum, count) => sum + count, 0) / all.length;
  const chi2 = all.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  return (chi2 - (all.length - 1)) / Math.sqrt(2 * (all.length - 1));
}

test('numbers fill the unit interval evenly, their low bits too, and pairs fill the square', () => {
  const { uniform } = randomStream({ seed: 5, trial: 3, purpose: 'stimulus-rates' });
  const high = new Float64Array(256);
  const low = new Float64Array(256);
  const square = new Float64Array(256);
  for (let k = 0; k < 100_000; k++) {
    const [x, y] = [uniform(), uniform()];
    const at = (bin: number, counts: Float64Array) => {
      counts[bin] = (counts[bin] ?? 0) + 1;
    };
    at(Math.floor(256 * x), high);
    at((x * 2 ** 53) % 256, low);
    at(16 * Math.floor(16 * x) + Math.floor(16 * y), square);
  }
  for (const counts of [high, low, square]) expect(Math.abs(deviation(counts))).toBeLessThan(5);
});

test('the first numbers of neighbouring streams are independent', () => {
  for (const vary of ['seed', 'trial', 'index'] as const) {
    const counts = new Float64Array(256);
    let before = 0;
    for (let k = 0; k < 50_000; k++) {
      const key = { seed: 1, trial: 1, index: 1, purpose: 'stimulus-factors' as const, [vary]: k };
      const x = randomStream(key).uniform();
      const bin = 16 * Math.floor(16 * x) + Math.floor(16 * before);
      counts[bin] = (counts[bin] ?? 0) + 1;
      before = x;
    }
    expect(Math.abs(deviation(counts)), vary).toBeLessThan(5);
  }
});

test('integers are whole, in range, and each comes as often', () => {
  const { integer } = randomStream({ seed: 2, trial: 0, purpose: 'stimulus-shape' });
  const counts = new Float64Array(41);
  for (let k = 0; k < 41_000; k++) {
    const n = integer(41);
    counts[n] = (counts[n] ?? Number.NaN) + 1;
  }
  expect(Math.abs(deviation(counts))).toBeLessThan(5);
});
