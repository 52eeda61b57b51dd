/** Which colour is which voltage, and the bar that says so. */
import { voltageMap } from './colour.ts';
import { formatNumber } from './units.ts';

const COLOURS = 256;
/** Of what has no voltage or belongs nowhere. */
export const UNKNOWN_COLOUR = '#6b7480';

export class VoltageScale {
  readonly low: number;
  readonly high: number;
  readonly map = voltageMap(COLOURS);

  /** Voltages (mV) that the map's ends stand for. */
  constructor({ low, high }: { readonly low: number; readonly high: number }) {
    this.low = low;
    this.high = high;
  }

  colourOf(mv: number): string {
    if (Number.isNaN(mv)) return UNKNOWN_COLOUR;
    const place = ((mv - this.low) / (this.high - this.low)) * (COLOURS - 1);
    return this.map[Math.min(COLOURS - 1, Math.max(0, Math.round(place)))] ?? UNKNOWN_COLOUR;
  }

  drawBar(): void {
    const { low, high, map } = this;
    const strip = document.getElementById('colourbar-strip');
    const ticks = document.getElementById('colourbar-ticks');
    if (!strip || !ticks) return;
    strip.style.background = `linear-gradient(to right, ${map.filter((_, i) => i % 15 === 0).join(', ')})`;
    const values = [low, low + (high - low) / 2, high];
    ticks.replaceChildren(
      ...values.map((value, i) => {
        const tick = document.createElement('span');
        tick.textContent = `${i === 0 ? '≤ ' : i === 2 ? '≥ ' : ''}${formatNumber(value)}${i === 2 ? ' mV' : ''}`;
        return tick;
      }),
    );
  }
}
