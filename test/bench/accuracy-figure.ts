/** The accuracy-cost curve as an SVG: cost against spike shift and against voltage error, both axes logarithmic. */
import { init } from 'echarts';
import { hasAllSpikes, type Point } from './accuracy-curve.ts';

/** Colours that are told apart with any kind of colour vision (Okabe & Ito 2008). */
const STYLES: Readonly<Record<string, { readonly color: string; readonly symbol: string; readonly dashed: boolean }>> =
  {
    'NEURON, fixed, order 1': { color: '#999999', symbol: 'circle', dashed: true },
    'NEURON, fixed, order 2': { color: '#555555', symbol: 'circle', dashed: false },
    'NEURON, variable': { color: '#000000', symbol: 'diamond', dashed: false },
    'exact, fixed, order 1': { color: '#0072B2', symbol: 'rect', dashed: true },
    'exact, fixed, order 2': { color: '#0072B2', symbol: 'rect', dashed: false },
    'fast, fixed, order 1': { color: '#D55E00', symbol: 'triangle', dashed: true },
    'fast, fixed, order 2': { color: '#D55E00', symbol: 'triangle', dashed: false },
  };

const PANELS = [
  { title: 'mean shift of a spike (ms)', of: (point: Point) => point.shiftMeanMs },
  { title: 'error of the soma’s potential away from spikes (rms, mV)', of: (point: Point) => point.quietRmsMv },
] as const;

const WIDTH = 1000;
const HEIGHT = 520;

/** An SVG document. */
export function accuracyFigure(points: readonly Point[], cell: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: `Accuracy and cost, ${cell}`, left: 'center', top: 8, textStyle: { fontSize: 16 } },
    legend: { bottom: 4, data: Object.keys(STYLES) },
    grid: PANELS.map((_, k) => ({ left: 70 + (k * WIDTH) / 2, width: WIDTH / 2 - 100, top: 56, bottom: 110 })),
    xAxis: PANELS.map((_, gridIndex) => axis('CPU per simulated second (s)', 30, { gridIndex })),
    yAxis: PANELS.map(({ title }, gridIndex) => axis(title, 48, { gridIndex })),
    series: PANELS.flatMap(({ of }, panel) => curves(points, panel, of)),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function axis(name: string, nameGap: number, more: { readonly gridIndex: number }) {
  return { type: 'log' as const, name, nameGap, nameLocation: 'middle' as const, min: decadeBelow, ...more };
}

function decadeBelow({ min }: { readonly min: number }): number {
  return 10 ** Math.floor(Math.log10(min));
}

function curves(points: readonly Point[], panel: number, errorOf: (point: Point) => number) {
  return Object.entries(STYLES).map(([name, { color, symbol, dashed }]) => ({
    name,
    type: 'line' as const,
    xAxisIndex: panel,
    yAxisIndex: panel,
    symbol,
    symbolSize: 9,
    itemStyle: { color },
    lineStyle: { color, width: 2, type: dashed ? ('dashed' as const) : ('solid' as const) },
    data: points
      .filter(hasAllSpikes)
      .filter(({ engine, kind }) => `${engine === 'neuron' ? 'NEURON' : engine}, ${kind}` === name)
      .toSorted((a, b) => b.size - a.size)
      .map((point) => [point.cost, errorOf(point)]),
  }));
}
