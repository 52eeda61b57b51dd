/** Panels of uPlot in the page's colours, and groups of panels that zoom and point together. */
import type UPlot from 'uplot';
import { cssColour } from './theme.ts';
import { formatNumber, formatTick } from './units.ts';

declare const uPlot: typeof UPlot;

export type Numbers = Float32Array | Float64Array | readonly number[];

export interface Line {
  readonly label: string;
  /** Name of a colour of the style sheet. */
  readonly colour: string;
  readonly width?: number;
  readonly dash?: number[];
  readonly points?: boolean;
  /** Holds its value until the next, as steps. */
  readonly stepped?: boolean;
  readonly value?: (value: number) => string;
}

export interface PanelOptions {
  readonly id: string;
  readonly x: Numbers;
  readonly values: readonly (Numbers | readonly (number | null)[])[];
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yRange?: readonly [number, number];
  readonly xRange?: readonly [number, number];
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** The x axis counts whole things. */
  readonly counting?: boolean;
  /** Hides the y axis' numbers, for panels that label their rows themselves. */
  readonly bareY?: boolean;
  /** Paints below (`before`) or above the lines. */
  readonly before?: (plot: UPlot) => void;
  readonly after?: (plot: UPlot) => void;
  readonly onClick?: (x: number) => void;
}

const FONT = '12px system-ui, sans-serif';

/** Whole numbers from 1 up, for axes that count. */
const COUNTING = [1, 2, 5]
  .flatMap((first) => [1, 10, 100, 1000, 10000].map((power) => first * power))
  .sort((a, b) => a - b);

/** The powers of ten of a logarithmic axis; all its steps where it spans less than two of them. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const steps = last - first < 2 ? [1, 2, 5] : [1];
  const all = Array.from({ length: last - first + 2 }, (_, k) =>
    steps.map((step) => step * 10 ** (first - 1 + k)),
  ).flat();
  return all.filter((value) => value >= low * 0.999 && value <= high * 1.001);
}

function axis(label: string, side: 'x' | 'y', options: PanelOptions): UPlot.Axis {
  const bare = side === 'y' && options.bareY === true;
  const log = side === 'x' ? options.logX : options.logY;
  return {
    label,
    labelFont: FONT,
    labelSize: 20,
    labelGap: 2,
    font: FONT,
    stroke: cssColour('muted'),
    size: side === 'x' ? 30 : 46,
    gap: 4,
    ...(side === 'x' && options.counting ? { incrs: COUNTING } : {}),
    ...(log ? { splits: (_plot, _index, low, high) => decades(low, high) } : {}),
    grid: { show: !bare, stroke: cssColour('grid'), width: 1 },
    ticks: { show: !bare, stroke: cssColour('grid'), width: 1, size: 5 },
    values: (_plot, values) => values.map((value) => (bare || value === null ? '' : formatTick(value))),
    ...(side === 'x' && !log ? { space: 60 } : {}),
  };
}

function shownValue(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

function lineSeries(line: Line): UPlot.Series {
  const colour = cssColour(line.colour);
  return {
    label: line.label,
    stroke: colour,
    width: line.width ?? 1.5,
    ...(line.dash ? { dash: line.dash } : {}),
    ...(line.stepped && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
    points: { show: line.points === true, size: 4, fill: colour, width: 0 },
    value: (_plot, value: number | null) => shownValue(value, line.value ?? ((shown) => formatNumber(shown, 4))),
  };
}

/** One plot, drawn anew when the colours change, and as wide as its place. */
export class Panel {
  readonly options: PanelOptions;
  readonly host: HTMLElement;
  readonly group: Group;
  plot: UPlot | null = null;
  #values: PanelOptions['values'];
  #lines: readonly Line[];

  constructor(host: HTMLElement, options: PanelOptions, group: Group) {
    this.host = host;
    this.options = options;
    this.group = group;
    this.#values = options.values;
    this.#lines = options.lines;
    this.build();
    new ResizeObserver(() => this.fit()).observe(host);
  }

  /** Other lines on the same axes. */
  show(lines: readonly Line[], values: PanelOptions['values']): void {
    this.#lines = lines;
    this.#values = values;
    this.build();
  }

  /** Builds the plot in today's colours, keeping what is zoomed to. */
  build(): void {
    const { min, max } = this.plot?.scales.x ?? {};
    this.plot?.destroy();
    const data = [this.options.x, ...this.#values] as UPlot.AlignedData;
    this.plot = new uPlot(this.#settings(), data, this.host);
    if (typeof min === 'number' && typeof max === 'number') this.plot.setScale('x', { min, max });
    this.#listen(this.plot);
  }

  fit(): void {
    const width = this.host.clientWidth;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.#height() });
  }

  #height(): number {
    return Number.parseFloat(getComputedStyle(this.host).getPropertyValue('--plot-height')) || 220;
  }

  #settings(): UPlot.Options {
    const { options, group } = this;
    const range = (fixed: readonly [number, number] | undefined) =>
      fixed === undefined ? {} : { range: [fixed[0], fixed[1]] as [number, number] };
    const { xRange } = options;
    return {
      width: Math.max(200, this.host.clientWidth),
      height: this.#height(),
      padding: [10, 22, 0, 0],
      scales: {
        x: { time: false, ...(options.logX ? { distr: 3, log: 10 } : {}), ...(options.logX ? range(xRange) : {}) },
        y: {
          ...(options.logY ? { distr: 3, log: 10, range: (_plot, low, high) => [low / 1.25, high * 1.25] } : {}),
          ...range(options.yRange),
        },
      },
      axes: [axis(options.xLabel, 'x', options), axis(options.yLabel, 'y', options)],
      series: [
        {
          label: options.xLabel,
          value: (_plot, value: number | null) => shownValue(value, (shown) => formatNumber(shown, 6)),
        },
        ...this.#lines.map(lineSeries),
      ],
      cursor: {
        y: false,
        drag: { x: !options.logX, y: false, setScale: !options.logX },
        sync: { key: group.key, setSeries: false },
        points: { size: 7 },
      },
      legend: { show: this.#lines.length > 0 },
      hooks: {
        drawClear: [(plot) => options.before?.(plot)],
        draw: [(plot) => options.after?.(plot)],
        setScale: [(plot, key) => key === 'x' && group.follow(this, plot.scales.x)],
      },
    };
  }

  /** Clicks without a drag, and fingers, which uPlot leaves to its users. */
  #listen(plot: UPlot): void {
    const { over } = plot;
    let downAt = 0;
    over.addEventListener('mousedown', (event) => {
      downAt = event.clientX;
    });
    over.addEventListener('click', (event) => {
      if (Math.abs(event.clientX - downAt) < 3) this.options.onClick?.(plot.posToVal(event.offsetX, 'x'));
    });
    const point = (event: TouchEvent) => {
      const touch = event.touches[0];
      const box = over.getBoundingClientRect();
      if (touch) plot.setCursor({ left: touch.clientX - box.left, top: touch.clientY - box.top });
    };
    over.addEventListener('touchstart', point, { passive: true });
    over.addEventListener('touchmove', point, { passive: true });
  }
}

/** Panels over the same axis. */
export class Group {
  readonly key: string;
  readonly panels: Panel[] = [];
  #following = false;

  /** `bars`: names of the rows of buttons that move this group. */
  constructor(key: string, bars: readonly string[] = [key]) {
    this.key = key;
    const names = bars.map((name) => `.zoom[data-group="${name}"]`);
    for (const bar of document.querySelectorAll<HTMLElement>(names.join())) {
      bar.addEventListener('click', (event) => {
        const action = event.target instanceof Element ? event.target.closest('[data-zoom]') : null;
        if (action) this.#act(action.getAttribute('data-zoom') ?? '');
      });
    }
  }

  /** Adds a panel where the page has a place for it. */
  add(options: PanelOptions): Panel | null {
    const host = document.getElementById(options.id);
    if (host === null) return null;
    const panel = new Panel(host, options, this);
    this.panels.push(panel);
    return panel;
  }

  redraw(): void {
    for (const { plot } of this.panels) plot?.redraw(false);
  }

  /** Shows in every panel what one of them was zoomed to. */
  follow(from: Panel, scale: UPlot.Scale | undefined): void {
    if (this.#following || scale === undefined || scale.min == null || scale.max == null) return;
    this.#following = true;
    for (const panel of this.panels) {
      const now = panel.plot?.scales.x;
      if (panel !== from && (now?.min !== scale.min || now.max !== scale.max)) {
        panel.plot?.setScale('x', { min: scale.min, max: scale.max });
      }
    }
    this.#following = false;
  }

  #act(action: string): void {
    const first = this.panels[0];
    const { min, max } = first?.plot?.scales.x ?? {};
    const x = first?.options.x;
    if (!first || !x || min == null || max == null) return;
    const [low, high] = [x[0] ?? 0, x[x.length - 1] ?? 1];
    const span = max - min;
    const middle = (min + max) / 2;
    const half = { in: span / 4, out: span }[action] ?? span / 2;
    const move = { earlier: -span / 2, later: span / 2 }[action] ?? 0;
    const wide = action === 'reset' || 2 * half >= high - low;
    const left = Math.max(low, Math.min(high - 2 * half, middle + move - half));
    const scale = wide ? { min: low, max: high } : { min: left, max: left + 2 * half };
    for (const panel of this.panels) panel.plot?.setScale('x', scale);
  }
}

/** A vertical line at a value of x. */
export function marker(plot: UPlot, x: number, colour: string): void {
  const { min, max } = plot.scales.x ?? {};
  if (min == null || max == null || x < min || x > max) return;
  const { ctx, bbox } = plot;
  const left = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = cssColour(colour);
  ctx.lineWidth = devicePixelRatio * 1.25;
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Paints inside the frame of a plot only. */
export function inFrame(plot: UPlot, paint: (ctx: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint(ctx);
  ctx.restore();
}
