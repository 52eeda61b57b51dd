/** The drawing of the cell: a tree of lines as thick as its branches, coloured by what each compartment is or feels. */
import { unpackFloats, unpackIntegers } from './decode.ts';
import type { CellPayload } from './payload.ts';
import { type Region, regionAt } from './regions.ts';

export interface Cell {
  readonly nodes: number;
  readonly parent: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly diameter: Float32Array;
  readonly distance: Float32Array | null;
  readonly region: readonly Region[];
  readonly segment: Int32Array;
  readonly sectionOf: readonly string[];
  /** The compartment whose membrane a node's piece of branch shows: its own, or its parent's at the ends of sections. */
  readonly compartment: Int32Array;
  /** Node of each compartment. */
  readonly nodeOf: Int32Array;
  readonly somaNode: number;
  readonly nexusNode: number;
}

export async function unpackCell(payload: CellPayload): Promise<Cell> {
  const [section, region, segment, parent] = await Promise.all(
    [payload.section, payload.region, payload.segment, payload.parent].map(unpackIntegers),
  );
  const [x, y, diameter] = await Promise.all([payload.x, payload.y, payload.diameter].map(unpackFloats));
  if (!section || !region || !segment || !parent || !x || !y || !diameter)
    throw new RangeError('the cell is incomplete');
  const compartment = new Int32Array(parent.length).fill(-1);
  const nodeOf: number[] = [];
  for (let node = 0; node < parent.length; node++) {
    if ((segment[node] ?? -1) >= 0) compartment[node] = nodeOf.push(node) - 1;
    else compartment[node] = compartment[parent[node] ?? -1] ?? -1;
  }
  return {
    nodes: parent.length,
    parent,
    x,
    y,
    diameter,
    distance: payload.distance && (await unpackFloats(payload.distance)),
    region: Array.from(region, regionAt),
    segment,
    sectionOf: Array.from(section, (index) => payload.sectionNames[index] ?? '?'),
    compartment,
    nodeOf: Int32Array.from(nodeOf),
    somaNode: payload.somaNode,
    nexusNode: payload.nexusNode,
  };
}

/** `apic[36], segment 3 of the apical dendrites, 412 µm from the soma`. */
export function describeNode(cell: Cell, node: number): string {
  const distance = cell.distance?.[node];
  const away =
    distance === undefined || !Number.isFinite(distance) ? '' : `, ${Math.round(distance)} µm along the branch`;
  return `${cell.sectionOf[node] ?? '?'} · ${cell.region[node] ?? ''} · segment ${cell.segment[node] ?? 0}${away}`;
}

interface Frame {
  /** Canvas pixels per µm, and where the origin is. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly ratio: number;
}

const MARGIN = 22;
/** Room above the drawing for the legend or the colour bar. */
const HEADROOM = 44;

export class CellCanvas {
  readonly cell: Cell;
  readonly canvas: HTMLCanvasElement;
  #frame: Frame = { scale: 1, left: 0, top: 0, ratio: 1 };
  #selected = -1;

  constructor(canvas: HTMLCanvasElement, cell: Cell) {
    this.canvas = canvas;
    this.cell = cell;
    this.fit();
  }

  /** Fits the drawing into its place; true where that changed anything. */
  fit(): void {
    const ratio = Math.min(3, devicePixelRatio || 1);
    const { clientWidth, clientHeight } = this.canvas;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    const [x0, x1] = extent(this.cell.x);
    const [y0, y1] = extent(this.cell.y);
    const width = Math.max(1, x1 - x0);
    const height = Math.max(1, y1 - y0);
    const room = MARGIN * ratio * 2;
    const scale = Math.min((this.canvas.width - room) / width, (this.canvas.height - room - HEADROOM * ratio) / height);
    this.#frame = {
      scale,
      left: (this.canvas.width - scale * width) / 2 - scale * x0,
      top: (this.canvas.height + HEADROOM * ratio + scale * height) / 2 + scale * y0,
      ratio,
    };
  }

  select(node: number): void {
    this.#selected = node;
  }

  #x(node: number): number {
    return this.#frame.left + this.#frame.scale * (this.cell.x[node] ?? 0);
  }

  #y(node: number): number {
    return this.#frame.top - this.#frame.scale * (this.cell.y[node] ?? 0);
  }

  /** Paints every branch in the colour of its node. */
  draw(colourOf: (node: number) => string): void {
    const ctx = this.canvas.getContext('2d');
    if (ctx === null) return;
    const { cell } = this;
    const { scale, ratio } = this.#frame;
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.lineCap = 'round';
    for (let node = 0; node < cell.nodes; node++) {
      const parent = cell.parent[node] ?? -1;
      if (parent < 0 || !this.#placed(node) || !this.#placed(parent)) continue;
      ctx.strokeStyle = colourOf(node);
      const thick = cell.region[node] === 'soma' ? 1 : (cell.diameter[node] ?? 1) * scale;
      ctx.lineWidth = Math.max(1.3 * ratio, thick * 1.15);
      ctx.beginPath();
      ctx.moveTo(this.#x(parent), this.#y(parent));
      ctx.lineTo(this.#x(node), this.#y(node));
      ctx.stroke();
    }
    this.#drawSoma(ctx, colourOf);
    this.#drawScale(ctx);
    this.#drawSelected(ctx);
  }

  #placed(node: number): boolean {
    return Number.isFinite(this.cell.x[node]) && Number.isFinite(this.cell.y[node]);
  }

  #drawSoma(ctx: CanvasRenderingContext2D, colourOf: (node: number) => string): void {
    const { somaNode, diameter } = this.cell;
    if (!this.#placed(somaNode)) return;
    ctx.fillStyle = colourOf(somaNode);
    ctx.beginPath();
    const radius = Math.max(4 * this.#frame.ratio, ((diameter[somaNode] ?? 1) / 2) * this.#frame.scale);
    ctx.arc(this.#x(somaNode), this.#y(somaNode), radius, 0, 2 * Math.PI);
    ctx.fill();
  }

  #drawScale(ctx: CanvasRenderingContext2D): void {
    const { scale, ratio } = this.#frame;
    const length = [500, 200, 100, 50, 20, 10, 5, 2, 1].find((um) => um * scale < this.canvas.width / 3) ?? 1;
    const right = this.canvas.width - MARGIN * ratio;
    const bottom = this.canvas.height - 14 * ratio;
    ctx.strokeStyle = '#c9d1dc';
    ctx.fillStyle = '#c9d1dc';
    ctx.lineWidth = 1.5 * ratio;
    ctx.beginPath();
    ctx.moveTo(right - length * scale, bottom);
    ctx.lineTo(right, bottom);
    ctx.stroke();
    ctx.font = `${12 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'right';
    ctx.fillText(`${length} µm`, right, bottom - 6 * ratio);
  }

  #drawSelected(ctx: CanvasRenderingContext2D): void {
    if (this.#selected < 0) return;
    ctx.strokeStyle = '#ffffff';
    ctx.lineWidth = 2 * this.#frame.ratio;
    ctx.beginPath();
    ctx.arc(this.#x(this.#selected), this.#y(this.#selected), 7 * this.#frame.ratio, 0, 2 * Math.PI);
    ctx.stroke();
  }

  /** The node with membrane nearest to a place on the canvas (CSS pixels), or -1 beyond 16 pixels. */
  nodeAt(left: number, top: number): number {
    const { ratio } = this.#frame;
    let best = -1;
    let nearest = (16 * ratio) ** 2;
    for (const node of this.cell.nodeOf) {
      const away = (this.#x(node) - left * ratio) ** 2 + (this.#y(node) - top * ratio) ** 2;
      if (away < nearest) {
        nearest = away;
        best = node;
      }
    }
    return best;
  }
}

function extent(values: Float32Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : [0, 1];
}
