/** The cell section: drawing, player, colour bar and the traces beside them. */
import { type Cell, CellCanvas, describeNode, unpackCell } from './cell.ts';
import { Clock } from './clock.ts';
import { voltageDomain, voltageMap } from './colour.ts';
import { NOT_A_NUMBER, unpackMovie } from './decode.ts';
import type { MoviePayload, Payload } from './payload.ts';
import { Player } from './player.ts';
import { Group, type Line, marker, type Panel } from './plots.ts';
import { cssColour, onThemeChange } from './theme.ts';
import { formatNumber } from './units.ts';

const COLOURS = 256;
const UNKNOWN = '#6b7480';

interface Movie {
  readonly payload: MoviePayload;
  readonly levels: Int16Array;
}

/** Voltage (mV) of a compartment at a sample; NaN where there is none. */
function voltageAt({ payload, levels }: Movie, compartment: number, sample: number): number {
  const level = levels[compartment * payload.samples + sample] ?? NOT_A_NUMBER;
  return compartment < 0 || level === NOT_A_NUMBER ? Number.NaN : level * payload.stepMv;
}

function trace(movie: Movie, compartment: number): Float32Array {
  return Float32Array.from({ length: movie.payload.samples }, (_, k) => voltageAt(movie, compartment, k));
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T | null {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}

/** The bar that says which colour is which voltage. */
function drawColourBar(low: number, high: number, map: readonly string[]): void {
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

/** What the drawing is coloured by, now. */
class Painter {
  readonly view: CellCanvas;
  readonly cell: Cell;
  readonly movie: Movie | null;
  readonly clock: Clock | null;
  readonly low: number;
  readonly high: number;
  readonly map = voltageMap(COLOURS);
  byVoltage: boolean;

  constructor(view: CellCanvas, movie: Movie | null, clock: Clock | null) {
    this.view = view;
    this.cell = view.cell;
    this.movie = movie;
    this.clock = clock;
    this.byVoltage = movie !== null;
    const domain = movie ? voltageDomain(movie.levels, movie.payload.stepMv) : { low: -90, high: 0 };
    this.low = domain.low;
    this.high = domain.high;
  }

  paint(): void {
    const { movie, clock } = this;
    if (movie && clock && this.byVoltage) this.view.draw((node) => this.#voltageColour(movie, node, clock.sample));
    else this.view.draw((node) => cssColour(`region-${this.cell.region[node] ?? 'other'}`) || UNKNOWN);
  }

  #voltageColour(movie: Movie, node: number, sample: number): string {
    const value = voltageAt(movie, this.cell.compartment[node] ?? -1, sample);
    if (Number.isNaN(value)) return UNKNOWN;
    const place = ((value - this.low) / (this.high - this.low)) * (COLOURS - 1);
    return this.map[Math.min(COLOURS - 1, Math.max(0, Math.round(place)))] ?? UNKNOWN;
  }
}

/** Traces at the soma, the nexus and a chosen place. */
function movieTraces(cell: Cell, movie: Movie, clock: Clock, group: Group): (chosen: number) => void {
  const nexus = { node: cell.nexusNode, line: { label: 'Nexus', colour: 'trace-b', width: 1.25 } };
  const soma = { node: cell.somaNode, line: { label: 'Soma', colour: 'trace-a' } };
  const fixed = cell.nexusNode >= 0 ? [nexus, soma] : [soma];
  const rows = fixed.map(({ node, line }) => ({ line, values: trace(movie, cell.compartment[node] ?? -1) }));
  const { samples, startMs, stepMs } = movie.payload;
  const panel: Panel | null = group.add({
    id: 'movie-plot',
    x: Float64Array.from({ length: samples }, (_, k) => startMs + k * stepMs),
    lines: rows.map(({ line }) => line),
    values: rows.map(({ values }) => values),
    xLabel: 'time (ms)',
    yLabel: 'mV',
    after: (plot) => marker(plot, clock.timeMs, 'playhead'),
    onClick: (ms) => clock.setTime(ms),
  });
  return (chosen) => {
    const line: Line = { label: cell.sectionOf[chosen] ?? '?', colour: 'trace-c', width: 1.25 };
    const more = chosen < 0 ? [] : [{ line, values: trace(movie, cell.compartment[chosen] ?? -1) }];
    const all = [...rows, ...more];
    panel?.show(
      all.map((row) => row.line),
      all.map((row) => row.values),
    );
  };
}

/** Says what is under the pointer, and lets a click choose it. */
function setUpProbe(painter: Painter, choose: (node: number) => void): () => void {
  const { view, cell, movie, clock } = painter;
  const probe = document.getElementById('probe');
  let pointed = -1;
  let chosen = -1;
  const say = () => {
    const node = pointed >= 0 ? pointed : chosen;
    if (!probe) return;
    if (node < 0) {
      probe.textContent = '';
      return;
    }
    const voltage = movie && clock ? voltageAt(movie, cell.compartment[node] ?? -1, clock.sample) : Number.NaN;
    probe.textContent =
      describeNode(cell, node) + (Number.isNaN(voltage) ? '' : ` · ${voltage.toFixed(1).replace('-', '−')} mV`);
  };
  view.canvas.addEventListener('pointermove', (event) => {
    pointed = view.nodeAt(event.offsetX, event.offsetY);
    say();
  });
  view.canvas.addEventListener('pointerleave', () => {
    pointed = -1;
    say();
  });
  view.canvas.addEventListener('click', (event) => {
    chosen = view.nodeAt(event.offsetX, event.offsetY);
    view.select(chosen);
    painter.paint();
    choose(chosen);
    say();
  });
  return say;
}

function setUpColouring(painter: Painter): void {
  const bar = document.getElementById('colourbar');
  const legend = document.getElementById('region-legend');
  const apply = () => {
    if (bar) bar.hidden = !painter.byVoltage;
    if (legend) legend.hidden = painter.byVoltage;
    painter.paint();
  };
  document.getElementById('colouring')?.addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement) painter.byVoltage = event.target.value === 'voltage';
    apply();
  });
  drawColourBar(painter.low, painter.high, painter.map);
  apply();
}

/** The first moment worth seeing: just after the first spike of the soma, else the highest voltage. */
function firstMoment(movie: Movie, compartment: number): number {
  const soma = trace(movie, compartment);
  const spike = soma.findIndex((value) => value > -25);
  if (spike >= 0) return spike;
  let best = 0;
  for (let k = 1; k < soma.length; k++) if ((soma[k] ?? 0) > (soma[best] ?? 0)) best = k;
  return best;
}

/** Whether movie and input cover the same stretch of the trial, so that they can zoom together. */
function sameStretch({ movie, input }: Payload): boolean {
  return movie !== null && input !== null && movie.startMs === 0 && movie.samples * movie.stepMs === input.durationMs;
}

export interface CellSection {
  readonly clock: Clock | null;
  readonly group: Group;
  /** For the input: the same group where both cover the same time, else one of its own. */
  readonly inputGroup: Group;
}

/** Sets the section up. */
export async function setUpCell(payload: Payload): Promise<CellSection> {
  const together = sameStretch(payload);
  const group = new Group('movie', together ? ['movie', 'input'] : ['movie']);
  const inputGroup = together ? group : new Group('input');
  const canvas = element('cell-canvas', HTMLCanvasElement);
  if (!payload.cell || !canvas) return { clock: null, group, inputGroup };
  const cell = await unpackCell(payload.cell);
  const movie = payload.movie && { payload: payload.movie, levels: await unpackMovie(payload.movie) };
  const clock = movie && new Clock(movie.payload.samples, movie.payload.startMs, movie.payload.stepMs);
  const painter = new Painter(new CellCanvas(canvas, cell), movie, clock);
  const choose = movie && clock ? movieTraces(cell, movie, clock, group) : () => undefined;
  const say = setUpProbe(painter, choose);
  setUpColouring(painter);
  new ResizeObserver(() => {
    painter.view.fit();
    painter.paint();
  }).observe(canvas);
  onThemeChange(() => painter.paint());
  if (movie && clock) {
    setUpClock(clock, painter, say);
    for (const shared of new Set([group, inputGroup])) clock.onChange(() => shared.redraw());
    clock.set(firstMoment(movie, cell.compartment[cell.somaNode] ?? -1));
  }
  return { clock, group, inputGroup };
}

function setUpClock(clock: Clock, painter: Painter, say: () => void): void {
  const button = element('play', HTMLButtonElement);
  const slider = element('moment', HTMLInputElement);
  const text = document.getElementById('moment-text');
  const step = document.getElementById('movie-step');
  if (button && slider) new Player(clock, button, slider, element('speed', HTMLSelectElement));
  const stepMv = painter.movie?.payload.stepMv ?? 0;
  if (step) step.textContent = `${formatNumber(stepMv)} mV (off by at most ${formatNumber(stepMv / 2)} mV)`;
  const show = () => {
    const time = `${formatNumber(clock.timeMs, 6)} ms`;
    if (text) text.textContent = time;
    slider?.setAttribute('aria-valuetext', time);
    painter.paint();
    say();
  };
  clock.onChange(show);
  show();
}
