/** The moment of the trial that the movie, the traces and the raster share. */

export type Listener = (sample: number) => void;

export class Clock {
  readonly samples: number;
  readonly startMs: number;
  readonly stepMs: number;
  #sample = 0;
  readonly #listeners: Listener[] = [];

  constructor(samples: number, startMs: number, stepMs: number) {
    this.samples = samples;
    this.startMs = startMs;
    this.stepMs = stepMs;
  }

  get sample(): number {
    return this.#sample;
  }

  get timeMs(): number {
    return this.startMs + this.#sample * this.stepMs;
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Moves to a sample, kept within the trial. */
  set(sample: number): void {
    const kept = Math.min(this.samples - 1, Math.max(0, Math.round(sample)));
    if (kept === this.#sample) return;
    this.#sample = kept;
    for (const listener of this.#listeners) listener(kept);
  }

  setTime(ms: number): void {
    this.set((ms - this.startMs) / this.stepMs);
  }
}
