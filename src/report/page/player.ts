/** The slider, the play button and the speed. */
import type { Clock } from './clock.ts';
import { reducedMotion } from './theme.ts';

/** With reduced motion the movie advances in still pictures this far apart (ms of wall time). */
const STILL_MS = 500;

export class Player {
  readonly clock: Clock;
  readonly button: HTMLButtonElement;
  readonly speed: HTMLSelectElement | null;
  #frame = 0;
  #last = 0;
  #exact = 0;

  constructor(clock: Clock, button: HTMLButtonElement, slider: HTMLInputElement, speed: HTMLSelectElement | null) {
    this.clock = clock;
    this.button = button;
    this.speed = speed;
    button.addEventListener('click', () => this.toggle());
    slider.addEventListener('input', () => clock.set(Number(slider.value)));
    slider.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.toggle();
    });
    clock.onChange((sample) => {
      slider.value = String(sample);
    });
  }

  get playing(): boolean {
    return this.#frame !== 0;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.clock.sample >= this.clock.samples - 1) this.clock.set(0);
    this.#exact = this.clock.sample;
    this.#last = performance.now();
    this.#label(true);
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  pause(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#label(false);
  }

  #label(playing: boolean): void {
    this.button.setAttribute('aria-pressed', String(playing));
    this.button.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  }

  #step(now: number): void {
    const passed = now - this.#last;
    if (!reducedMotion() || passed >= STILL_MS) {
      // Someone else moved the slider while playing: go on from there.
      if (Math.round(this.#exact) !== this.clock.sample) this.#exact = this.clock.sample;
      const msPerSecond = Number(this.speed?.value ?? 100);
      this.#exact += (Math.min(passed, STILL_MS * 2) / 1000) * (msPerSecond / this.clock.stepMs);
      this.#last = now;
      this.clock.set(this.#exact);
    }
    if (this.clock.sample >= this.clock.samples - 1) this.pause();
    else this.#frame = requestAnimationFrame((next) => this.#step(next));
  }
}
