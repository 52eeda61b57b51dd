/** A voltage trace on its integrator's own steps, and what is read off it between them. */
import { readFileSync } from 'node:fs';
import { SPIKE_PEAK_MV } from 'twincell';

export interface Trace {
  /** ms, rising. */
  readonly times: Float64Array;
  /** mV. */
  readonly voltages: Float64Array;
}

/** A trace as a contestant writes it; a step that took no time counts once. */
export function readTrace(file: string): Trace {
  const bytes = readFileSync(file);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const count = all.length / 2;
  const kept = Array.from({ length: count }, (_, k) => k).filter(
    (k) => k === count - 1 || (all[k + 1] as number) > (all[k] as number),
  );
  return {
    times: Float64Array.from(kept, (k) => all[k] as number),
    voltages: Float64Array.from(kept, (k) => all[count + k] as number),
  };
}

/** The potential at a time within step k, by the cubic through both ends with slopes of the parabolas around them. */
function within({ times, voltages }: Trace, k: number, time: number): number {
  const [t0, t1] = [times[k] as number, times[k + 1] as number];
  const [v0, v1] = [voltages[k] as number, voltages[k + 1] as number];
  const h = t1 - t0;
  const s = (time - t0) / h;
  const [m0, m1] = [slopeAt(times, voltages, k), slopeAt(times, voltages, k + 1)];
  const rest = 1 - s;
  return v0 * (1 + 2 * s) * rest * rest + m0 * h * s * rest * rest + v1 * s * s * (3 - 2 * s) - m1 * h * s * s * rest;
}

function slopeAt(times: Float64Array, voltages: Float64Array, k: number): number {
  const chord = (j: number): number =>
    ((voltages[j + 1] as number) - (voltages[j] as number)) / ((times[j + 1] as number) - (times[j] as number));
  if (k === 0) return chord(0);
  if (k === times.length - 1) return chord(k - 1);
  const [before, after] = [
    (times[k] as number) - (times[k - 1] as number),
    (times[k + 1] as number) - (times[k] as number),
  ];
  return (chord(k - 1) * after + chord(k) * before) / (before + after);
}

/** Potentials at multiples of a distance (ms) from 0 on. */
export function sampled(trace: Trace, every: number, count: number): Float64Array {
  const { times } = trace;
  let k = 0;
  return Float64Array.from({ length: count }, (_, sample) => {
    const time = sample * every;
    while (k < times.length - 2 && (times[k + 1] as number) <= time) k++;
    return within(trace, k, time);
  });
}

/** When the potential rises through the level that spikes are told by (ms). */
export function crossings(trace: Trace): number[] {
  const { times, voltages } = trace;
  const found: number[] = [];
  for (let k = 0; k + 1 < times.length; k++) {
    if (!((voltages[k] as number) <= SPIKE_PEAK_MV && (voltages[k + 1] as number) > SPIKE_PEAK_MV)) continue;
    let [low, high] = [times[k] as number, times[k + 1] as number];
    for (let halving = 0; halving < 40; halving++) {
      const middle = (low + high) / 2;
      if (within(trace, k, middle) > SPIKE_PEAK_MV) high = middle;
      else low = middle;
    }
    found.push((low + high) / 2);
  }
  return found;
}
