/**
 * Smoothing of piecewise constant rates, evaluated at single milliseconds.
 *
 * The kernel is a Gaussian of 1 + 7σ samples, one a ms, that sum to 1. A rate that is constant over periods needs, at one
 * ms, one product for each period under the kernel: the kernel's cumulative sum says how much of it each period has.
 */
import { exp } from '../libm/index.ts';

export interface Smoothing {
  /** How many ms the kernel reaches back from the ms it is evaluated at, and ahead. */
  readonly back: number;
  readonly ahead: number;
  /**
   * The smoothed rate at ms `at`. `rates` holds one value a period from period `first` on (period 0 begins at ms 0), and
   * must cover the kernel.
   */
  at(at: number, rates: Float64Array, first: number): number;
}

/**
 * Kernel for a standard deviation of `sigma` ms over periods of `periodMs` ms (both whole and above 0). With an even number
 * of samples the kernel reaches one ms further back than ahead, as a centred convolution has it.
 */
export function createSmoothing(sigma: number, periodMs: number): Smoothing {
  const length = 1 + 7 * sigma;
  const ahead = Math.floor((length - 1) / 2);
  const back = length - 1 - ahead;
  const cumulative = cumulativeKernel(length, sigma);
  return {
    back,
    ahead,
    at(at, rates, first) {
      // Sample i of the kernel lies at ms at + ahead - i; period p covers periodMs·p to periodMs·(p + 1) - 1.
      const latest = at + ahead;
      let period = Math.floor((at - back) / periodMs);
      const last = Math.floor(latest / periodMs);
      let outer = 1;
      let sum = 0;
      for (; period < last; period++) {
        const inner = cumulative[latest - periodMs * (period + 1) + 1] as number;
        sum += (rates[period - first] as number) * (outer - inner);
        outer = inner;
      }
      return sum + (rates[last - first] as number) * outer;
    },
  };
}

/** Sum of the kernel's first k samples at index k. */
function cumulativeKernel(length: number, sigma: number): Float64Array {
  const middle = (length - 1) / 2;
  const cumulative = new Float64Array(length + 1);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const z = (i - middle) / sigma;
    sum += exp(-0.5 * z * z);
    cumulative[i + 1] = sum;
  }
  for (let i = 0; i <= length; i++) cumulative[i] = (cumulative[i] as number) / sum;
  return cumulative;
}
