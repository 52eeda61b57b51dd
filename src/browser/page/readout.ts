/** The numbers beside the cell: how far it is, how fast it is computed, what it answers. */
import { formatCount, formatNumber } from '../../report/page/units.ts';
import type { Frame, Loaded } from '../protocol.ts';
import type { Recording } from './recording.ts';

/** Speeds are means over this long of computing or of waiting for it (ms of wall time). */
const MEAN_MS = 1000;

interface Share {
  readonly atMs: number;
  readonly steps: number;
  readonly busyMs: number;
}

function say(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element !== null && element.textContent !== text) element.textContent = text;
}

export class Readout {
  readonly recording: Recording;
  readonly durationMs: number;
  #compartments = 1;
  #shares: Share[] = [];
  #shownMs = 0;

  constructor(recording: Recording, durationMs: number) {
    this.recording = recording;
    this.durationMs = durationMs;
  }

  loaded({ fused, readyMs, compartments }: Loaded): void {
    this.#compartments = compartments;
    say('fused', fused ? 'fused multiply-add' : 'no fused multiply-add here');
    say('ready-time', `${formatNumber(readyMs / 1000, 2)} s`);
  }

  /** Forgets how fast it was. */
  restart(): void {
    this.#shares = [];
  }

  /** @param last whether no other frame follows soon */
  frame({ soma, busyMs }: Frame, nowMs: number, last: boolean): void {
    const { recording } = this;
    this.#shares = this.#shares.filter(({ atMs }) => nowMs - atMs < MEAN_MS);
    if (soma.length > 0) this.#shares.push({ atMs: nowMs, steps: soma.length, busyMs });
    say('moment-text', `${recording.timeMs.toFixed(1)} ms`);
    // Digits that change sixty times a second cannot be read.
    if (nowMs - this.#shownMs < 250 && !last) return;
    this.#shownMs = nowMs;
    say('spike-count', formatCount(recording.spikes.length));
    const rate = recording.timeMs > 0 ? recording.spikes.length / (recording.timeMs / 1000) : 0;
    say('spike-rate', `${formatNumber(rate, 2)} per second of the cell’s time`);
    this.#saySpeed();
  }

  #saySpeed(): void {
    const steps = this.#shares.reduce((sum, share) => sum + share.steps, 0);
    const busyMs = this.#shares.reduce((sum, share) => sum + share.busyMs, 0);
    if (steps === 0 || busyMs === 0) return;
    const ratio = (steps * this.recording.dt) / busyMs;
    say('step-cost', `${formatNumber((1e6 * busyMs) / (steps * this.#compartments), 3)} ns`);
    say('speed-ratio', `${formatNumber(ratio, 2)} ×`);
    say('speed-note', `real time on one core: ${formatCount(Math.round(1000 * ratio))} ms of the cell’s time a second`);
  }
}
