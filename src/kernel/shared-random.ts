/**
 * The generator behind scop_random, exprand, normrand and poisrand: one for all mechanisms of a simulation, as in NEURON. It
 * starts with 1 and goes on from run to run.
 */
export interface SharedRandom {
  /** A number from 0 to 1, both included. */
  next(): number;
  /** Starts again from a whole number of 32 bits. */
  seed(value: number): void;
}

const FACTOR = 2147437301;
const SHIFT = 453816981;
const LARGEST = 4294967295;

export function createSharedRandom(): SharedRandom {
  let state = 1;
  return {
    next() {
      state = (Math.imul(FACTOR, state) + SHIFT) >>> 0;
      return state / LARGEST;
    },
    seed(value) {
      state = value >>> 0;
    },
  };
}
