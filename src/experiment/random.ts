/**
 * Randomness without a global generator: a stream is a pure function of (experiment seed, trial, purpose, index), so that a
 * trial's numbers do not depend on what was drawn before, on how many trials there are, or on the machine.
 *
 * Threefry4x32 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11): a
 * keyed bijection of a counter, made of additions, rotations and exclusive ors of 32-bit words only.
 */

/** What a stream is for. A number is never given to another purpose: that would change every data set. */
export const PURPOSES = {
  /** Length of the periods of constant rate, and the smoothing. */
  'stimulus-shape': 1,
  /** Rates of the trees, period by period. */
  'stimulus-rates': 2,
  /** A channel's own factors, period by period. */
  'stimulus-factors': 3,
  /** A channel's events. */
  'stimulus-arrivals': 4,
  /** Which of a channel's events are released. */
  'stimulus-release': 5,
  /** Which of the solver's trials are run again on NEURON. */
  'neuron-share': 6,
} as const;
export type Purpose = keyof typeof PURPOSES;

export interface StreamKey {
  /** The experiment's seed, an integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** The trial, an integer from 0 to 2^32 - 1. */
  readonly trial: number;
  readonly purpose: Purpose;
  /** Which of several streams for the purpose, such as a channel; 0 where absent. */
  readonly index?: number;
}

export interface RandomStream {
  /** The next number, uniform in [0, 1): a multiple of 2^-53. */
  uniform(): number;
  /** The next integer, uniform in 0 to count - 1 (to within count·2^-53). */
  integer(count: number): number;
}

/** The stream of a key, from its beginning. */
export function randomStream(key: StreamKey): RandomStream {
  const words = new Uint32Array(4);
  const keyWords = Uint32Array.of(key.seed, Math.floor(key.seed / 2 ** 32), key.trial, PURPOSES[key.purpose]);
  const counter = Uint32Array.of(0, 0, key.index ?? 0, 0);
  let half = true;

  function uniform(): number {
    half = !half;
    if (half) return toUniform(words[2] as number, words[3] as number);
    threefry(counter, keyWords, words);
    counter[0] = (counter[0] as number) + 1;
    return toUniform(words[0] as number, words[1] as number);
  }
  return { uniform, integer: (count) => Math.floor(uniform() * count) };
}

/** 53 bits of two words as a number in [0, 1). */
function toUniform(high: number, low: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) * 1.1102230246251565e-16; // 2^26, 2^-53
}

/** Left rotations of the two pairs of words in each of eight rounds, which then repeat. */
const ROTATIONS = Int32Array.of(10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20);
/** Joins the key's words to make a fifth, so that no key is weak (Skein's constant). */
const PARITY = 0x1bd11bda;
const schedule = new Int32Array(5);

/** Threefry4x32-20: `out` becomes the image of `counter` under `key`, four words of 32 bits each. */
export function threefry(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  schedule[0] = key[0] as number;
  schedule[1] = key[1] as number;
  schedule[2] = key[2] as number;
  schedule[3] = key[3] as number;
  schedule[4] = PARITY ^ schedule[0] ^ schedule[1] ^ schedule[2] ^ schedule[3];
  let x0 = ((counter[0] as number) + schedule[0]) | 0;
  let x1 = ((counter[1] as number) + schedule[1]) | 0;
  let x2 = ((counter[2] as number) + schedule[2]) | 0;
  let x3 = ((counter[3] as number) + schedule[3]) | 0;
  for (let group = 0; group < 5; group++) {
    // Four rounds, each mixing two pairs; odd rounds pair the words the other way.
    const r = (group & 1) << 3;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, ROTATIONS[r] as number) ^ x0;
    x2 = (x2 + x3) | 0;
    x3 = rotate(x3, ROTATIONS[r + 1] as number) ^ x2;
    x0 = (x0 + x3) | 0;
    x3 = rotate(x3, ROTATIONS[r + 2] as number) ^ x0;
    x2 = (x2 + x1) | 0;
    x1 = rotate(x1, ROTATIONS[r + 3] as number) ^ x2;
    x0 = (x0 + x1) | 0;
    x1 = rotate(x1, ROTATIONS[r + 4] as number) ^ x0;
    x2 = (x2 + x3) | 0;
    x3 = rotate(x3, ROTATIONS[r + 5] as number) ^ x2;
    x0 = (x0 + x3) | 0;
    x3 = rotate(x3, ROTATIONS[r + 6] as number) ^ x0;
    x2 = (x2 + x1) | 0;
    x1 = rotate(x1, ROTATIONS[r + 7] as number) ^ x2;
    // Then a part of the key, and which part it is.
    const s = group + 1;
    x0 = (x0 + (schedule[s % 5] as number)) | 0;
    x1 = (x1 + (schedule[(s + 1) % 5] as number)) | 0;
    x2 = (x2 + (schedule[(s + 2) % 5] as number)) | 0;
    x3 = (x3 + (schedule[(s + 3) % 5] as number) + s) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

function rotate(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}
