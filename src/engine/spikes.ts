/** Output spikes of a trace, as the paper counts them. */

/** A spike's peak lies above this (mV). Beniaguev et al. 2021. */
export const SPIKE_PEAK_MV = -25;

/**
 * Samples that are local maxima above -25 mV. A plateau counts once, at its first sample; the ends of the trace do not
 * count, since what lies beyond them is not known.
 * @param voltage membrane potential (mV)
 */
export function spikePeaks(voltage: ArrayLike<number>): number[] {
  const peaks: number[] = [];
  let rising = false;
  let candidate = -1;
  for (let k = 1; k < voltage.length; k++) {
    const before = voltage[k - 1] as number;
    const here = voltage[k] as number;
    if (here > before) {
      rising = true;
      candidate = k;
    } else if (here < before) {
      if (rising && before > SPIKE_PEAK_MV) peaks.push(candidate);
      rising = false;
    }
  }
  return peaks;
}

/**
 * Spikes in bins of 1 ms, as the paper scores them: bin = floor(spike time - 0.5 ms), never below 0.
 * @param times spike times (ms)
 * @param durationMs length of the trial (ms)
 * @returns 1 where a bin holds a spike
 */
export function spikeBins(times: ArrayLike<number>, durationMs: number): Uint8Array {
  const bins = new Uint8Array(durationMs);
  for (const time of Array.from(times)) bins[Math.min(durationMs - 1, Math.max(0, Math.floor(time - 0.5)))] = 1;
  return bins;
}
