/** Comparing two streams of voltages, sample by sample, without holding either. */
import type { VoltageBlock } from '../engine/engine.ts';

/** Differences at one site over all trials. */
export interface SiteDifference {
  /** Largest and root-mean-square absolute difference (mV). */
  readonly maxAbsMv: number;
  readonly rmsMv: number;
  /** Where the largest was: trial, and step of the trial. */
  readonly trial: number;
  readonly step: number;
}

/** The first sample of a trial at which any site differed by more than a floor. */
export interface FirstDifference {
  readonly trial: number;
  readonly step: number;
  readonly site: number;
  readonly referenceMv: number;
  readonly otherMv: number;
}

/** Accumulates differences of blocks that cover the same samples of the same sites. */
export class DifferenceTally {
  readonly sites: number;
  samples = 0;
  minMv = Number.POSITIVE_INFINITY;
  maxMv = Number.NEGATIVE_INFINITY;
  first: FirstDifference | null = null;
  readonly #floorMv: number;
  readonly #max: Float64Array;
  readonly #sumOfSquares: Float64Array;
  readonly #trial: Int32Array;
  readonly #step: Int32Array;

  /** @param floorMv differences up to this do not count as the first difference (mV) */
  constructor(sites: number, floorMv: number) {
    this.sites = sites;
    this.#floorMv = floorMv;
    this.#max = new Float64Array(sites);
    this.#sumOfSquares = new Float64Array(sites);
    this.#trial = new Int32Array(sites);
    this.#step = new Int32Array(sites);
  }

  /** A NaN on either side counts as an infinite difference: it must never pass for agreement. */
  add(reference: VoltageBlock, other: VoltageBlock): void {
    assertSameSamples(reference, other, this.sites);
    const { sites } = this;
    for (let k = 0; k < reference.samples; k++) {
      const step = reference.firstSample + k;
      for (let site = 0; site < sites; site++) {
        const a = reference.values[k * sites + site] as number;
        const b = other.values[k * sites + site] as number;
        if (a < this.minMv) this.minMv = a;
        if (a > this.maxMv) this.maxMv = a;
        if (a === b) continue;
        const difference = Math.abs(a - b);
        this.#note(site, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference, reference.trial, step, a, b);
      }
    }
    this.samples += reference.samples;
  }

  #note(site: number, difference: number, trial: number, step: number, a: number, b: number): void {
    this.#sumOfSquares[site] = (this.#sumOfSquares[site] as number) + difference * difference;
    if (difference > (this.#max[site] as number)) {
      this.#max[site] = difference;
      this.#trial[site] = trial;
      this.#step[site] = step;
    }
    if (this.first === null && difference > this.#floorMv) {
      this.first = { trial, step, site, referenceMv: a, otherMv: b };
    }
  }

  /** Differences by site. */
  bySite(): SiteDifference[] {
    return Array.from(this.#max, (maxAbsMv, site) => ({
      maxAbsMv,
      rmsMv: Math.sqrt((this.#sumOfSquares[site] as number) / Math.max(1, this.samples)),
      trial: this.#trial[site] as number,
      step: this.#step[site] as number,
    }));
  }

  get maxAbsMv(): number {
    return this.#max.reduce((max, value) => Math.max(max, value), 0);
  }

  get rmsMv(): number {
    const sum = this.#sumOfSquares.reduce((total, value) => total + value, 0);
    return Math.sqrt(sum / Math.max(1, this.samples * this.sites));
  }
}

function assertSameSamples(a: VoltageBlock, b: VoltageBlock, sites: number): void {
  const same = a.trial === b.trial && a.firstSample === b.firstSample && a.samples === b.samples;
  if (!same || a.sites !== sites || b.sites !== sites) {
    const name = (x: VoltageBlock) => `trial ${x.trial} samples ${x.firstSample}+${x.samples} of ${x.sites} sites`;
    throw new Error(`two engines gave different samples: ${name(a)} and ${name(b)}`);
  }
}
