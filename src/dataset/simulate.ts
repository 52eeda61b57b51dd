/** Running the trials of an experiment that are not on disk yet, one commit a trial. */
import { InterruptedError } from '../errors.ts';
import { type Dependencies, dataIdentity } from '../experiment/identity.ts';
import { type CellSnapshot, dendriteRows } from '../model/snapshot.ts';
import { recordingPlan } from './collect.ts';
import { type GatherParts, gatherTrials, type ShardRequest } from './gather.ts';
import type { Header, Manifest, Shard } from './manifest.ts';
import type { EncodedTrial } from './shard.ts';
import { openWriter } from './writer.ts';

export interface SimulateOptions extends GatherParts {
  readonly dependencies: Dependencies;
  /** Folder of the data set. */
  readonly out: string;
  /** Makes trials' files in any order; by the engine's blocks unless given. */
  readonly shards?: (request: ShardRequest) => AsyncIterable<EncodedTrial>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulateProgress) => void;
  /** Told what the cell is made of, before the first trial. */
  readonly onDescribe?: (snapshot: CellSnapshot) => void;
}

/** Trials on disk and simulated time, also of those under way (ms). */
export interface SimulateProgress {
  readonly committed: number;
  readonly trials: number;
  readonly timeMs: number;
  readonly totalMs: number;
  /** The trial just committed, when one was. */
  readonly shard?: Shard;
}

/**
 * Makes a data set, or completes one that was begun. Trials that are on disk and whole are not run again.
 * @throws InterruptedError when the signal stops it; what was committed stays
 */
export async function simulateDataset(options: SimulateOptions): Promise<Manifest> {
  const { experiment, cell, engine, out, signal } = options;
  const plan = recordingPlan(experiment);
  const snapshot = await engine.describe(cell, signal);
  options.onDescribe?.(snapshot);
  const writer = await openWriter(out, headerOf(options, snapshot, plan.durationMs));
  const { trials } = experiment.simulation;
  const missing = Array.from({ length: trials }, (_, k) => k).filter((k) => !writer.committed.has(k));
  /** Simulated time of trials under way, by trial (ms). */
  const under = new Map(missing.map((trial) => [trial, 0]));
  const totalMs = trials * plan.durationMs;
  const tell = (shard?: Shard) => {
    const committed = trials - under.size;
    const timeMs = committed * plan.durationMs + [...under.values()].reduce((sum, ms) => sum + ms, 0);
    options.onProgress?.({ committed, trials, timeMs, totalMs, ...(shard === undefined ? {} : { shard }) });
  };
  tell();
  const make = options.shards ?? ((request: ShardRequest) => gatherTrials(options, request));
  const made = make({
    snapshot,
    plan,
    missing,
    ...(signal && { signal }),
    onProgress({ trial, timeMs }) {
      if (!under.has(trial)) return;
      under.set(trial, timeMs);
      tell();
    },
  });
  for await (const trial of made) {
    const shard = await writer.commitEncoded(trial);
    under.delete(shard.trial);
    tell(shard);
  }
  if (signal?.aborted) throw new InterruptedError('stopped before all trials were done');
  return writer.finish();
}

function headerOf(options: SimulateOptions, snapshot: CellSnapshot, trialMs: number): Header {
  const { experiment, dependencies } = options;
  const rows = dendriteRows(snapshot);
  return {
    format: 'twincell-dataset/1',
    identity: dataIdentity(experiment, dependencies),
    experiment,
    dependencies: { ...dependencies, modelFiles: { ...dependencies.modelFiles }, locks: { ...dependencies.locks } },
    dendrites: rows.length,
    dendriteLength: Array.from(rows, (row) => snapshot.length[row] as number),
    dendriteRegion: Array.from(rows, (row) => snapshot.sectionType[row] as string),
    trialMs,
  };
}
