/** The traces of one trial, every step of them, and the spikes in them. */
import { spikePeaks } from '../../engine/spikes.ts';
import type { Frame } from '../protocol.ts';

export class Recording {
  /** Time step (ms). */
  readonly dt: number;
  readonly soma: Float64Array;
  readonly nexus: Float64Array;
  readonly chosen: Float64Array;
  /** Steps at whose end the soma had a spike's peak. */
  readonly spikes: number[] = [];
  /** Samples so far; the first is at 0 ms. */
  count = 0;
  /** No spike that ends after this sample has been counted. */
  #settled = 0;

  constructor(dt: number, durationMs: number) {
    this.dt = dt;
    const samples = Math.round(durationMs / dt) + 1;
    [this.soma, this.nexus] = [new Float64Array(samples), new Float64Array(samples)];
    this.chosen = new Float64Array(samples).fill(Number.NaN);
  }

  /** Time of the last sample (ms). */
  get timeMs(): number {
    return Math.max(0, this.count - 1) * this.dt;
  }

  clear(): void {
    this.count = 0;
    this.#settled = 0;
    this.spikes.length = 0;
    this.chosen.fill(Number.NaN);
  }

  /** @param node the place that the third trace is for */
  add(frame: Frame, node: number): void {
    this.soma.set(frame.soma, this.count);
    this.nexus.set(frame.nexus, this.count);
    if (frame.node === node) this.chosen.set(frame.chosen, this.count);
    this.count += frame.soma.length;
    this.#findSpikes();
  }

  /** Looks on from where the soma last fell: a peak before it has been found, one after it begins there. */
  #findSpikes(): void {
    const from = this.#settled;
    for (const peak of spikePeaks(this.soma.subarray(from, this.count))) this.spikes.push(from + peak);
    let k = this.count - 1;
    while (k > from && !((this.soma[k] as number) < (this.soma[k - 1] as number))) k--;
    this.#settled = Math.max(from, k);
  }

  /** Every sample as it is, in as few digits as give the same number. */
  csv(): string {
    const lines = ['step,time_ms,soma_mV,nexus_mV'];
    for (let k = 0; k < this.count; k++) {
      lines.push(`${k},${Number((k * this.dt).toPrecision(12))},${this.soma[k]},${this.nexus[k]}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
