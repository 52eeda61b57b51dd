/** The accuracy-cost curve for people. */
import Table from 'cli-table3';
import { type EqualError, type Match, type Point, settingName } from './accuracy-curve.ts';
import type { BenchResult } from './result.ts';

export interface AccuracyResult {
  readonly date: string;
  readonly machine: BenchResult['machine'];
  readonly cell: string;
  readonly trials: readonly number[];
  readonly seconds: number;
  readonly points: readonly Point[];
  readonly equalError: readonly EqualError[];
}

export function accuracyText({ date, machine, cell, trials, seconds, points, equalError }: AccuracyResult): string {
  const pinned = machine.pinnedTo === null ? 'not pinned to a core' : `pinned to core ${machine.pinnedTo}`;
  return [
    `${cell}, ${trials.length} trials of ${seconds} s, against NEURON's variable step at atol 1e-7`,
    `${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${pinned}; seconds of CPU per simulated second; ${date}`,
    pointTable(points),
    equalTable(equalError),
  ].join('\n\n');
}

function pointTable(points: readonly Point[]): string {
  const head = [
    'setting',
    'cost (s/s)',
    'spikes, of one alone',
    'shift mean (ms)',
    'max (ms)',
    'rms (mV)',
    'away from spikes',
  ];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const point of points) {
    table.push([
      settingName(point),
      point.cost.toFixed(2),
      `${point.spikes}, ${point.unmatched}`,
      point.shiftMeanMs.toFixed(4),
      point.shiftMaxMs.toFixed(4),
      point.rmsMv.toFixed(4),
      point.quietRmsMv.toFixed(4),
    ]);
  }
  return table.toString();
}

/** Columns of both tables of equal errors, here and on the page. */
export const EQUAL_HEAD = [
  'at the accuracy of',
  'mode, order 2',
  'spike shift (ms)',
  'dt (ms)',
  'times faster',
  'soma away from spikes (mV)',
  'dt (ms)',
  'times faster',
] as const;

export function equalRow({ than, engine, byShift, byPotential }: EqualError): string[] {
  return [than, engine, ...[byShift, byPotential].flatMap(matchCells)];
}

function matchCells({ error, ownError, dt, reached, speedup }: Match): string[] {
  const own = reached ? '' : ` (its best: ${ownError.toFixed(4)})`;
  return [`${error.toFixed(4)}${own}`, dt.toPrecision(3), speedup.toFixed(1)];
}

function equalTable(rows: readonly EqualError[]): string {
  const table = new Table({ head: [...EQUAL_HEAD], style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(equalRow(row));
  return `At equal error\n${table}`;
}
