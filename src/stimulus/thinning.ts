/**
 * Events of one channel: step 5 of the recipe. In each ms p is drawn from an exponential distribution whose mean is the
 * rate r, and there is a spike if a uniform number is below p, so that P(spike) = r·(1 - exp(-1/r)). Milliseconds are
 * independent of each other given the rate; so candidates are drawn at the highest probability there can be, by geometric
 * gaps, and each is kept with the ratio of its own probability to that: the rate is needed at candidates only.
 */
import type { RandomStream } from '../experiment/random.ts';
import { exp, log } from '../libm/index.ts';

/** Probability of a spike in a ms of mean rate r. */
export function spikeProbability(r: number): number {
  return r > 0 ? r * (1 - exp(-1 / r)) : 0;
}

/**
 * Calls `emit` for each ms with a spike, in order. `rate` gives the rate at a ms and is never above `highest`. The draws do
 * not depend on `durationMs`, except where they stop.
 */
export function drawArrivals(
  stream: RandomStream,
  durationMs: number,
  highest: number,
  rate: (at: number) => number,
  emit: (at: number) => void,
): void {
  const candidate = spikeProbability(highest);
  if (candidate === 0) return;
  const scale = 1 / log(1 - candidate);
  let at = -1;
  for (;;) {
    at += 1 + Math.floor(log(1 - stream.uniform()) * scale);
    if (at >= durationMs) return;
    const r = rate(at);
    // A small rate is its own probability to the last bit.
    const probability = r < 0.02 ? r : spikeProbability(r);
    if (stream.uniform() * candidate < probability) emit(at);
  }
}
