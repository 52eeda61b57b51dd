/** What the NEURON sidecar is asked: its methods, and their parameters from a request and a trial. */
import type { Static } from 'typebox';
import type { Method } from '../bridge/index.ts';
import { type CellSnapshot, compartmentRows, dendriteRows } from '../model/snapshot.ts';
import { BLOCK_MS, type CellRequest, type Recording, type RunOptions, type Sites, type Trial } from './engine.ts';
import {
  BlockResult,
  type CellParams,
  DescribeParams,
  DescribeResult,
  type RecordingParams,
  RunParams,
} from './protocol.ts';

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

export function cellParams(cell: CellRequest): CellParams {
  const { card, morphology, folder, passive, synapses, skFactor } = cell;
  return { card, morphology, folder, passive, synapses, skFactor };
}

export function runParams(cell: CellRequest, snapshot: CellSnapshot, trial: Trial, options: RunOptions): RunParams {
  const { dt, order, steps, recordings } = options;
  const siteOf = siteNumbers(snapshot);
  return {
    cell: cellParams(cell),
    trial: trial.index,
    dendrites: trial.events.dendrites,
    dt,
    order,
    steps,
    blockSteps: Math.max(1, Math.floor(BLOCK_MS / dt + 1e-9)),
    recordings: recordings.map((recording) => recordingParams(recording, snapshot, siteOf, steps)),
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
    sites: sitesOf(sites, snapshot, siteOf),
    everySteps,
    firstStep: window?.firstStep ?? 0,
    lastStep: window?.lastStep ?? steps,
  };
}

function sitesOf(sites: Sites, snapshot: CellSnapshot, siteOf: Int32Array): number[] {
  const number = (row: number) => siteOf[row] ?? -1;
  if (sites === 'soma') return [number(snapshot.somaNode)];
  if (sites === 'nexus') return [number(snapshot.nexusNode)];
  if (sites === 'dendrites') return Array.from(dendriteRows(snapshot), number);
  if (sites === 'all') return Array.from(compartmentRows(snapshot), number);
  return Array.from(sites);
}
