/** How an engine in this process cuts what it records into blocks. */
import { UsageError } from '../errors.ts';
import { type CellSnapshot, compartmentRows, dendriteRows } from '../model/snapshot.ts';
import { BLOCK_MS, type Recording, type Sites, type VoltageBlock } from './engine.ts';

/** Steps in a block: at most 100 ms. Block k covers steps k·n + 1 to (k + 1)·n; the first one the initial state too. */
export function blockSteps(dt: number): number {
  return Math.max(1, Math.floor(BLOCK_MS / dt + 1e-9));
}

/** Rows of the snapshot that a recording's sites stand for. */
export function siteRows(cell: CellSnapshot, sites: Sites): Int32Array {
  if (sites === 'soma') return Int32Array.of(cell.somaNode);
  if (sites === 'nexus') return Int32Array.of(cell.nexusNode);
  if (sites === 'dendrites') return dendriteRows(cell);
  const compartments = compartmentRows(cell);
  if (sites === 'all') return compartments;
  return sites.map((site) => {
    const row = compartments[site];
    if (row === undefined) {
      throw new UsageError(`there is no compartment ${site}; the cell has 0 to ${compartments.length - 1}`);
    }
    return row;
  });
}

/** The part of a block that the engine adds. */
export type PartialBlock = Omit<VoltageBlock, 'trial' | 'last'>;

/** Samples of one recording. */
export interface Recorder {
  /** Takes the sample of this step, if the recording has one. */
  take(step: number, v: Float64Array): void;
  /** What has been taken since the last time; undefined where that is nothing. */
  flush(): PartialBlock | undefined;
  /** A block without samples. */
  empty(): PartialBlock;
}

/** A recorder for a trial of `steps` steps, flushed at least every `perBlock` steps. */
export function createRecorder(cell: CellSnapshot, recording: Recording, steps: number, perBlock: number): Recorder {
  const { name, everySteps, window } = recording;
  const rows = siteRows(cell, recording.sites);
  const first = Math.ceil((window?.firstStep ?? 0) / everySteps) * everySteps;
  const last = Math.min(steps, window?.lastStep ?? steps);
  const capacity = Math.floor(perBlock / everySteps) + 2;
  const sites = rows.length;
  let values = new Float64Array(0);
  let filled = 0;
  let next = first / everySteps;

  const block = (samples: number): PartialBlock => ({
    recording: name,
    firstSample: next,
    samples,
    sites,
    values: values.subarray(0, samples * sites),
  });
  return {
    take(step, v) {
      if (step < first || step > last || step % everySteps !== 0) return;
      if (filled === 0) values = new Float64Array(capacity * sites);
      const offset = filled * sites;
      for (let k = 0; k < sites; k++) values[offset + k] = v[rows[k] as number] as number;
      filled++;
    },
    flush() {
      if (filled === 0) return undefined;
      const done = block(filled);
      next += filled;
      filled = 0;
      return done;
    },
    empty: () => block(0),
  };
}
