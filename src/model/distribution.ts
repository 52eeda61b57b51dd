/**
 * Channel distributions, evaluated in TypeScript with the same operations in the same order as Python does with
 * `math.exp`. Both round alike because exp comes from src/libm.
 */
import { exp } from '../libm/index.ts';
import type { Distribution } from './card.ts';

/**
 * Value of a parameter at a path distance.
 * @param distance path distance from the distribution's origin (µm)
 * @param longest longest path of the region from the same origin (µm)
 */
export function evaluateDistribution(distribution: Distribution, distance: number, longest: number): number {
  if (typeof distribution === 'number') return distribution;
  if (distribution.kind === 'window') {
    const { scale, inside, outside, from, to } = distribution;
    return scale * (from < distance && distance < to ? inside : outside);
  }
  const { scale, offset, amplitude, slope, cap, normalised } = distribution;
  const relative = normalised ? distance / longest : distance;
  const d = cap === undefined ? relative : Math.min(relative, cap);
  return scale * (offset + amplitude * exp(slope * d));
}
