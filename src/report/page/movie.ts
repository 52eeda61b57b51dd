/** The cell section: drawing, player, colour bar and the traces beside them. */
import { type Cell, CellCanvas, unpackCell } from './cell.ts';
import { Clock } from './clock.ts';
import { voltageDomain } from './colour.ts';
import { NOT_A_NUMBER, unpackMovie } from './decode.ts';
import { element } from './elements.ts';
import type { MoviePayload, Payload } from './payload.ts';
import { Player } from './player.ts';
import { Group, type Line, marker, type Panel } from './plots.ts';
import { setUpProbe } from './probe.ts';
import { UNKNOWN_COLOUR, VoltageScale } from './scale.ts';
import { cssColour, onThemeChange } from './theme.ts';
import { formatNumber } from './units.ts';

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

/** What the drawing is coloured by, now. */
class Painter {
  readonly view: CellCanvas;
  readonly cell: Cell;
  readonly movie: Movie | null;
  readonly clock: Clock | null;
  readonly scale: VoltageScale;
  byVoltage: boolean;

  constructor(view: CellCanvas, movie: Movie | null, clock: Clock | null) {
    this.view = view;
    this.cell = view.cell;
    this.movie = movie;
    this.clock = clock;
    this.byVoltage = movie !== null;
    this.scale = new VoltageScale(movie ? voltageDomain(movie.levels, movie.payload.stepMv) : { low: -90, high: 0 });
  }

  paint(): void {
    if (this.movie && this.clock && this.byVoltage) {
      this.view.draw((node) => this.scale.colourOf(this.voltageOf(node)));
    } else this.view.draw((node) => cssColour(`region-${this.cell.region[node] ?? 'other'}`) || UNKNOWN_COLOUR);
  }

  /** At a node, now (mV). */
  voltageOf(node: number): number {
    const { movie, clock, cell } = this;
    return movie && clock ? voltageAt(movie, cell.compartment[node] ?? -1, clock.sample) : Number.NaN;
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
  painter.scale.drawBar();
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
  const say = setUpProbe({
    view: painter.view,
    voltageOf: (node) => painter.voltageOf(node),
    onChoose(node) {
      painter.paint();
      choose(node);
    },
  });
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
