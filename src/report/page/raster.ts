/** The input section: every presynaptic spike as a dot, and how many there are. */
import type UPlot from 'uplot';
import type { Clock } from './clock.ts';
import { unpackFloats, unpackIntegers } from './decode.ts';
import type { InputPayload } from './payload.ts';
import { type Group, inFrame, marker } from './plots.ts';
import { type Region, regionAt } from './regions.ts';
import { cssColour } from './theme.ts';

interface Band {
  readonly label: string;
  readonly colour: string;
  readonly inhibitory: boolean;
  readonly region: Region;
  /** Rows from the top of the raster: [first, first + count). */
  first: number;
  count: number;
}

interface Raster {
  readonly bands: readonly Band[];
  readonly rows: number;
  readonly rowOf: Int32Array;
  readonly bandOf: Int32Array;
  readonly channel: Int32Array;
  readonly time: Float32Array;
}

/** Gives every channel a row: apical above basal, excitation above inhibition within each. */
function arrange(dendrites: number, tree: Int32Array, channel: Int32Array, time: Float32Array): Raster {
  const bands: Band[] = [];
  const rowOf = new Int32Array(2 * dendrites);
  const bandOf = new Int32Array(2 * dendrites);
  let row = 0;
  for (const region of ['apical', 'basal', 'other', 'soma', 'axon'] as const) {
    for (const inhibitory of [false, true]) {
      const colour = inhibitory ? 'inhibitory' : 'excitatory';
      const band: Band = { label: `${region}, ${colour}`, colour, inhibitory, region, first: row, count: 0 };
      for (let dendrite = 0; dendrite < dendrites; dendrite++) {
        if (regionAt(tree[dendrite] ?? -1) !== region) continue;
        const own = inhibitory ? dendrites + dendrite : dendrite;
        rowOf[own] = row++;
        bandOf[own] = bands.length;
        band.count++;
      }
      if (band.count > 0) bands.push(band);
    }
  }
  return { bands, rows: row, rowOf, bandOf, channel, time };
}

function drawDots(plot: UPlot, raster: Raster): void {
  const { min, max } = plot.scales.x ?? {};
  if (min == null || max == null) return;
  const { bbox } = plot;
  const shown = raster.time.reduce((count, ms) => (ms >= min && ms <= max ? count + 1 : count), 0);
  const density = (bbox.width * bbox.height) / Math.max(1, shown);
  const side = Math.max(1, Math.min(2.5 * devicePixelRatio, Math.sqrt(density) / 3));
  inFrame(plot, (ctx) => {
    ctx.globalAlpha = density < 4 ? 0.3 : density < 25 ? 0.55 : 0.9;
    raster.bands.forEach((band, index) => {
      ctx.fillStyle = cssColour(band.colour);
      for (let i = 0; i < raster.time.length; i++) {
        const ms = raster.time[i] ?? 0;
        const channel = raster.channel[i] ?? 0;
        if (ms < min || ms > max || raster.bandOf[channel] !== index) continue;
        const left = bbox.left + ((ms - min) / (max - min)) * bbox.width;
        const top = bbox.top + (((raster.rowOf[channel] ?? 0) + 0.5) / raster.rows) * bbox.height;
        ctx.fillRect(left - side / 2, top - side / 2, side, side);
      }
    });
  });
}

/** The bands' names on a plate of their own, so that dots do not run through the letters. */
function drawNames(plot: UPlot, raster: Raster): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${11.5 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  for (const band of raster.bands) {
    const top = bbox.top + (band.first / raster.rows) * bbox.height;
    const width = ctx.measureText(band.label).width;
    ctx.fillStyle = cssColour('surface');
    ctx.globalAlpha = 0.88;
    ctx.fillRect(bbox.left + 4 * ratio, top + 4 * ratio, width + 10 * ratio, 18 * ratio);
    ctx.globalAlpha = 1;
    ctx.fillStyle = cssColour(band.colour);
    ctx.fillText(band.label, bbox.left + 9 * ratio, top + 13.5 * ratio);
    ctx.fillStyle = cssColour('grid');
    if (band.first > 0) ctx.fillRect(bbox.left, top - ratio / 2, bbox.width, ratio);
  }
  ctx.restore();
}

/** Dots and names painted once per zoom, theme and size, then reused: the line that follows the movie moves above them. */
function cached(raster: Raster): (plot: UPlot) => void {
  let key = '';
  const layer = document.createElement('canvas');
  return (plot) => {
    const { min, max } = plot.scales.x ?? {};
    const { width, height } = plot.ctx.canvas;
    const now = [min, max, width, height, cssColour('surface')].join();
    if (now !== key) {
      key = now;
      layer.width = width;
      layer.height = height;
      const ctx = layer.getContext('2d');
      if (!ctx) return;
      const onLayer = Object.create(plot, { ctx: { value: ctx } }) as UPlot;
      drawDots(onLayer, raster);
      drawNames(onLayer, raster);
    }
    plot.ctx.drawImage(layer, 0, 0);
  };
}

/** Events per ms, averaged over 20 ms, for excitation and inhibition. */
function rates(raster: Raster, durationMs: number): readonly [Float32Array, Float32Array] {
  const bins = Math.ceil(durationMs);
  const counts = [new Float32Array(bins + 1), new Float32Array(bins + 1)] as const;
  raster.time.forEach((ms, i) => {
    const band = raster.bands[raster.bandOf[raster.channel[i] ?? 0] ?? 0];
    const bin = Math.floor(ms);
    const row = counts[band?.inhibitory ? 1 : 0];
    if (bin >= 0 && bin < row.length) row[bin] = (row[bin] ?? 0) + 1;
  });
  const smooth = (row: Float32Array) =>
    row.map((_, k) => {
      const [from, to] = [Math.max(0, k - 10), Math.min(bins, k + 10)];
      let sum = 0;
      for (let j = from; j < to; j++) sum += row[j] ?? 0;
      return sum / Math.max(1, to - from);
    });
  return [smooth(counts[0]), smooth(counts[1])];
}

export async function setUpRaster(payload: InputPayload, clock: Clock | null, group: Group): Promise<void> {
  const [tree, channel] = await Promise.all([payload.tree, payload.channel].map(unpackIntegers));
  const time = await unpackFloats(payload.time);
  if (!tree || !channel) return;
  const raster = arrange(payload.dendrites, tree, channel, time);
  const x = Float64Array.from({ length: Math.ceil(payload.durationMs) + 1 }, (_, ms) => ms);
  const playhead = (plot: UPlot) => {
    if (clock) marker(plot, clock.timeMs, 'playhead');
  };
  const onClick = (ms: number) => clock?.setTime(ms);
  const dots = cached(raster);
  group.add({
    id: 'raster-plot',
    x,
    values: [],
    lines: [],
    xLabel: 'time (ms)',
    yLabel: 'synapses',
    yRange: [0, 1],
    bareY: true,
    after: (plot) => {
      dots(plot);
      playhead(plot);
    },
    onClick,
  });
  group.add({
    id: 'rate-plot',
    x,
    values: rates(raster, payload.durationMs),
    lines: [
      { label: 'excitatory', colour: 'excitatory' },
      { label: 'inhibitory', colour: 'inhibitory' },
    ],
    xLabel: 'time (ms)',
    yLabel: 'events / ms',
    after: playhead,
    onClick,
  });
}
