/** What the NEURON sidecar is asked: its methods, and their parameters from a request and a trial. */
import type { Static } from 'typebox';
import type { Method } from '../bridge/index.ts';
import { type CellSnapshot, compartmentRows } from '../model/snapshot.ts';
import { blockSteps, siteRows } from './blocks.ts';
import { clampRow } from './clamps.ts';
import type { CellRequest, Recording, RunOptions, Trial } from './engine.ts';
import {
  BlockResult,
  type CellParams,
  DescribeParams,
  DescribeResult,
  type RecordingParams,
  RecordParams,
  RecordResult,
  RunParams,
} from './protocol.ts';
import type { WindowOptions } from './window.ts';

export const DESCRIBE: Method<typeof DescribeParams, typeof DescribeResult> = {
  name: 'describe',
  params: DescribeParams,
  result: DescribeResult,
};

export const RUN: Method<typeof RunParams, typeof BlockResult> = {
  name: 'run',
  params: RunParams,
  result: BlockResult,
};

export const RECORD: Method<typeof RecordParams, typeof RecordResult> = {
  name: 'record',
  params: RecordParams,
  result: RecordResult,
};

export function cellParams(cell: CellRequest): CellParams {
  const { card, morphology, folder, passive, synapses, skFactor } = cell;
  return { card, morphology, folder, passive, synapses, skFactor };
}

export function runParams(cell: CellRequest, snapshot: CellSnapshot, trial: Trial, options: RunOptions): RunParams {
  const { dt, steps, recordings } = options;
  const siteOf = siteNumbers(snapshot);
  return {
    ...trialParams(cell, snapshot, trial, options),
    steps,
    blockSteps: blockSteps(dt),
    recordings: recordings.map((recording) => recordingParams(recording, snapshot, siteOf, steps)),
  };
}

export function recordParams(
  cell: CellRequest,
  snapshot: CellSnapshot,
  trial: Trial,
  { dt, order, firstStep, lastStep }: WindowOptions,
): RecordParams {
  return { ...trialParams(cell, snapshot, trial, { dt, order }), firstStep, lastStep };
}

/** What a trial is, however it is recorded. */
function trialParams(
  cell: CellRequest,
  snapshot: CellSnapshot,
  trial: Trial,
  { dt, order }: Pick<RunOptions, 'dt' | 'order'>,
): Omit<RecordParams, 'firstStep' | 'lastStep'> {
  const siteOf = siteNumbers(snapshot);
  return {
    cell: cellParams(cell),
    trial: trial.index,
    dendrites: trial.events.dendrites,
    dt,
    order,
    clamps: (trial.clamps ?? []).map((clamp) => ({
      site: siteOf[clampRow(snapshot, clamp)] ?? -1,
      delay: clamp.delayMs,
      duration: clamp.durationMs,
      amplitude: clamp.amplitudeNa,
    })),
  };
}

/** Compartment number of each row of the snapshot; -1 for a node without membrane. */
function siteNumbers(snapshot: CellSnapshot): Int32Array {
  const numbers = new Int32Array(snapshot.nodes).fill(-1);
  compartmentRows(snapshot).forEach((row, site) => {
    numbers[row] = site;
  });
  return numbers;
}

function recordingParams(
  recording: Recording,
  snapshot: CellSnapshot,
  siteOf: Int32Array,
  steps: number,
): Static<typeof RecordingParams> {
  const { name, sites, everySteps, window } = recording;
  return {
    name,
    sites: Array.from(siteRows(snapshot, sites), (row) => siteOf[row] ?? -1),
    everySteps,
    firstStep: window?.firstStep ?? 0,
    lastStep: window?.lastStep ?? steps,
  };
}
