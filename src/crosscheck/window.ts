/** What one site did on both engines around the first difference, kept while blocks pass by. */
import type { VoltageBlock } from '../engine/engine.ts';
import type { DifferenceTally, FirstDifference } from './compare.ts';

/** Both traces of the site that differed first, from `startStep` on, every step. */
export interface FirstWindow {
  readonly first: FirstDifference;
  readonly startStep: number;
  readonly reference: readonly number[];
  readonly other: readonly number[];
}

type Pair = readonly [reference: VoltageBlock, other: VoltageBlock];

/** Holds the last pair of blocks, so that what came before a difference is still there when it shows. */
export class WindowAroundFirst {
  readonly #tally: DifferenceTally;
  readonly #before: number;
  readonly #after: number;
  #last: Pair | null = null;
  #startStep = 0;
  readonly #traces: readonly [number[], number[]] = [[], []];
  #closed = false;

  /** @param before steps kept before the difference, and after it */
  constructor(tally: DifferenceTally, before: number, after: number) {
    this.#tally = tally;
    this.#before = before;
    this.#after = after;
  }

  /** Takes a pair of blocks that the tally has already seen. */
  add(reference: VoltageBlock, other: VoltageBlock): void {
    const { first } = this.#tally;
    if (first === null) {
      this.#last = [reference, other];
      return;
    }
    if (this.#closed) return;
    if (reference.trial !== first.trial) {
      this.#closed = true;
      return;
    }
    if (this.#traces[0].length === 0) {
      const held = this.#last?.[0].trial === first.trial ? this.#last : null;
      this.#startStep = Math.max(first.step - this.#before, held?.[0].firstSample ?? reference.firstSample);
      if (held !== null) this.#take(held, first);
      this.#last = null;
    }
    this.#take([reference, other], first);
    this.#closed = reference.firstSample + reference.samples > first.step + this.#after;
  }

  #take(pair: Pair, { site, step }: FirstDifference): void {
    for (const [which, { firstSample, samples, sites, values }] of pair.entries()) {
      const from = Math.max(0, this.#startStep - firstSample);
      const until = Math.min(samples, step + this.#after + 1 - firstSample);
      for (let k = from; k < until; k++) this.#traces[which]?.push(values[k * sites + site] as number);
    }
  }

  /** The window, where there was a difference. */
  get window(): FirstWindow | null {
    const { first } = this.#tally;
    const [reference, other] = this.#traces;
    return first === null ? null : { first, startStep: this.#startStep, reference, other };
  }
}
