/** The moving plots: voltages at the soma, the nexus and a chosen place, and the input that makes them. */
import type UPlot from 'uplot';
import type { Cell } from '../../report/page/cell.ts';
import { Group, inFrame, type Line, marker, type Panel } from '../../report/page/plots.ts';
import { cssColour, onThemeChange } from '../../report/page/theme.ts';
import type { Started } from '../protocol.ts';
import type { Recording } from './recording.ts';

/** How much of the trial is in view (ms), and how far apart the drawn points are. */
const WINDOW_MS = 300;
const POINT_MS = 0.1;
const RANGE_MV = [-95, 50] as const;
/** Input is averaged over so many ms to either side. */
const SMOOTH_MS = 4;

export class Traces {
  readonly recording: Recording;
  readonly cell: Cell;
  readonly #group = new Group('live');
  readonly #voltage: Panel | null;
  readonly #input: Panel | null;
  #inputData: UPlot.AlignedData = [[0], [0], [0]];
  #chosen = -1;

  constructor(recording: Recording, cell: Cell) {
    this.recording = recording;
    this.cell = cell;
    this.#voltage = this.#group.add({
      id: 'voltage-plot',
      x: [0],
      values: this.#lines().map(() => [null]),
      lines: this.#lines(),
      xLabel: 'time (ms)',
      yLabel: 'mV',
      yRange: RANGE_MV,
      after: (plot) => this.#drawSpikes(plot),
    });
    this.#input = this.#group.add({
      id: 'input-plot',
      x: [0],
      values: [[null], [null]],
      lines: [
        { label: 'excitatory', colour: 'excitatory' },
        { label: 'inhibitory', colour: 'inhibitory' },
      ],
      xLabel: 'time (ms)',
      yLabel: 'spikes / ms',
      after: (plot) => marker(plot, recording.timeMs, 'playhead'),
    });
    onThemeChange(() => {
      for (const panel of this.#group.panels) panel.build();
      this.#setInput();
      this.draw();
    });
  }

  /** The nexus is left out where it is the soma. */
  #lines(): readonly Line[] {
    const lines: Line[] = [];
    if (this.#hasNexus) lines.push({ label: 'Nexus', colour: 'trace-b', width: 1.25 });
    lines.push({ label: 'Soma', colour: 'trace-a' });
    if (this.#chosen >= 0) {
      lines.push({ label: this.cell.sectionOf[this.#chosen] ?? '?', colour: 'trace-c', width: 1.25 });
    }
    return lines;
  }

  get #hasNexus(): boolean {
    return this.cell.nexusNode >= 0 && this.cell.nexusNode !== this.cell.somaNode;
  }

  choose(node: number): void {
    this.#chosen = node;
    this.#voltage?.show(
      this.#lines(),
      this.#lines().map(() => [null]),
    );
    this.draw();
  }

  /** The input of a trial that begins. */
  start({ excitatory, inhibitory }: Started): void {
    const x = Float64Array.from(excitatory, (_, ms) => ms + 0.5);
    this.#inputData = [x, smoothed(excitatory), smoothed(inhibitory)];
    this.#setInput();
  }

  #setInput(): void {
    this.#input?.plot?.setData(this.#inputData, false);
  }

  /** Draws the last stretch of the recording. */
  draw(): void {
    const { recording } = this;
    const every = Math.max(1, Math.round(POINT_MS / recording.dt));
    const end = Math.max(WINDOW_MS, recording.timeMs);
    const first = Math.max(0, Math.floor((end - WINDOW_MS) / recording.dt / every) - 1);
    const points = Math.max(0, Math.floor((recording.count - 1) / every) - first + 1);
    const thinned = (values: Float64Array) =>
      Float64Array.from({ length: points }, (_, k) => values[(first + k) * every] as number);
    const x = Float64Array.from({ length: points }, (_, k) => (first + k) * every * recording.dt);
    const values = [
      ...(this.#hasNexus ? [recording.nexus] : []),
      recording.soma,
      ...(this.#chosen >= 0 ? [recording.chosen] : []),
    ];
    this.#voltage?.plot?.setData([x, ...values.map(thinned)], false);
    this.#voltage?.plot?.setScale('x', { min: end - WINDOW_MS, max: end });
    // Its line moves also where the scale does not.
    this.#input?.plot?.redraw(false);
  }

  /** A tick along the top for each spike of the soma. */
  #drawSpikes(plot: UPlot): void {
    const { spikes, dt } = this.recording;
    const { min, max } = plot.scales.x ?? {};
    if (min == null || max == null) return;
    inFrame(plot, (ctx) => {
      ctx.strokeStyle = cssColour('playhead');
      ctx.lineWidth = 1.75 * devicePixelRatio;
      ctx.beginPath();
      for (let k = spikes.length - 1; k >= 0; k--) {
        const ms = (spikes[k] as number) * dt;
        if (ms < min) break;
        const left = plot.valToPos(ms, 'x', true);
        ctx.moveTo(left, plot.bbox.top);
        ctx.lineTo(left, plot.bbox.top + 9 * devicePixelRatio);
      }
      ctx.stroke();
    });
  }
}

function smoothed(counts: Float32Array): Float32Array {
  return counts.map((_, ms) => {
    const near = counts.subarray(Math.max(0, ms - SMOOTH_MS), ms + SMOOTH_MS + 1);
    return near.reduce((sum, count) => sum + count, 0) / near.length;
  });
}
