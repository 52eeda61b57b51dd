/**
 * The random streams of RANDOM variables, bit for bit those of NEURON: Philox4x32 with 10 rounds (Salmon, Moraes, Dror &
 * Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11), a keyed bijection of a counter that holds the stream's
 * three identifiers and the place in it.
 */
import type { RandomStream } from '../kernel/linkage.ts';
import type { Libm } from '../libm/index.ts';

/** Multipliers of the two pairs of words, and what the key grows by each round. */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
/** 1 / (2³² + 1): a word w becomes (w + 1) times this, never 0 and never 1. */
const SPACING = 1 / 4294967297;

/** High 32 bits of the product of two words. */
function high(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const crossed = aLow * bHigh + (middle % 65536);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(crossed / 65536)) >>> 0;
}

/** Four words of 32 bits from a counter of four, under the key (key, 0). */
export function philox(counter: Uint32Array, key: number, out: Uint32Array): void {
  let c0 = counter[0] as number;
  let c1 = counter[1] as number;
  let c2 = counter[2] as number;
  let c3 = counter[3] as number;
  let k0 = key >>> 0;
  let k1 = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = high(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = high(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The stream of three identifiers, from its beginning. */
export function createRandomStream(ids: readonly [number, number, number], libm: Libm): RandomStream {
  const counter = Uint32Array.of(0, ids[2], ids[0], ids[1]);
  const words = new Uint32Array(4);
  let which = 0;
  philox(counter, 0, words);

  function word(): number {
    const value = words[which] as number;
    which++;
    if (which > 3) {
      which = 0;
      advance(counter);
      philox(counter, 0, words);
    }
    return value;
  }
  const unit = (): number => (word() + 1) * SPACING;

  function gauss(): number {
    for (;;) {
      const x = 2 * unit() - 1;
      const y = 2 * unit() - 1;
      const w = x * x + y * y;
      if (!(w > 1)) return x * Math.sqrt((-2 * libm.log(w)) / w);
    }
  }

  return {
    uniform: (low, upper) => low + unit() * (upper - low),
    normal: (mean, deviation) => mean + gauss() * deviation,
    negexp: (mean) => -libm.log(unit()) * mean,
    integer: (low, upper) => (low === undefined || upper === undefined ? word() : low + (word() % (upper - low + 1))),
    sequence(at) {
      // 34 bits: the counter's first word and, in the low two bits, which of its four words comes next.
      const bits = at < 0 || at > 0xffffffffff ? 0 : Math.trunc(at);
      which = bits % 4;
      counter[0] = Math.floor(bits / 4) % 4294967296;
      philox(counter, 0, words);
    },
  };
}

/** The counter as one number of 128 bits, plus 1. */
function advance(counter: Uint32Array): void {
  for (let k = 0; k < 4; k++) {
    counter[k] = (counter[k] as number) + 1;
    if (counter[k] !== 0) return;
  }
}
