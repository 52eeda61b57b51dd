/** The soma of one trial on two engines, and whether it spikes at the same steps. */
import type { VoltageBlock } from '../engine/engine.ts';
import { spikePeaks } from '../engine/spikes.ts';

/** The soma's two traces over one trial. */
export class SomaPair {
  reference: Float64Array;
  other: Float64Array;
  readonly #site: number;

  constructor(site: number, samples: number) {
    this.#site = site;
    this.reference = new Float64Array(samples);
    this.other = new Float64Array(samples);
  }

  add(a: VoltageBlock, b: VoltageBlock): void {
    if (a.firstSample === 0) {
      this.reference = new Float64Array(this.reference.length);
      this.other = new Float64Array(this.other.length);
    }
    for (let k = 0; k < a.samples; k++) {
      this.reference[a.firstSample + k] = a.values[k * a.sites + this.#site] as number;
      this.other[a.firstSample + k] = b.values[k * b.sites + this.#site] as number;
    }
  }
}

/** Spikes of both engines, trial by trial: how many, and how far apart. */
export class SpikeTally {
  count = 0;
  equal = true;
  maxShiftMs = 0;
  readonly #dt: number;

  constructor(dt: number) {
    this.#dt = dt;
  }

  add(reference: Float64Array, other: Float64Array): void {
    const a = spikePeaks(reference);
    const b = spikePeaks(other);
    this.count += a.length;
    if (a.length !== b.length) this.maxShiftMs = Number.POSITIVE_INFINITY;
    for (const [k, step] of a.entries()) {
      const shift = Math.abs(step - (b[k] ?? Number.POSITIVE_INFINITY)) * this.#dt;
      if (shift > this.maxShiftMs) this.maxShiftMs = shift;
    }
    this.equal = this.maxShiftMs === 0;
  }
}
