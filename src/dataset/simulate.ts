/** Running the trials of an experiment that are not on disk yet, one commit a trial. */
import type { CellRequest, Engine, Trial } from '../engine/engine.ts';
import { InterruptedError } from '../errors.ts';
import { type Dependencies, dataIdentity } from '../experiment/identity.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type CellSnapshot, dendriteRows } from '../model/snapshot.ts';
import type { EventTable } from '../stimulus/events.ts';
import { collectTrial, recordingPlan, type TrialCollector } from './collect.ts';
import type { Header, Manifest, Shard } from './manifest.ts';
import { openWriter } from './writer.ts';

export interface SimulateOptions {
  readonly experiment: Experiment;
  readonly cell: CellRequest;
  readonly engine: Engine;
  readonly dependencies: Dependencies;
  /** The input of a trial, from the experiment's seed. */
  readonly stimulus: (snapshot: CellSnapshot, trial: number) => EventTable;
  /** Folder of the data set. */
  readonly out: string;
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
  const waiting = new Map<number, EventTable>();
  const collectors = new Map<number, TrialCollector>();
  const under = new Map<number, number>();
  const totalMs = trials * plan.durationMs;
  const tell = (shard?: Shard) => {
    const done = trials - missing.length + finished;
    const timeMs = done * plan.durationMs + [...under.values()].reduce((sum, ms) => sum + ms, 0);
    options.onProgress?.({ committed: done, trials, timeMs, totalMs, ...(shard === undefined ? {} : { shard }) });
  };
  let finished = 0;
  function* inputs(): Generator<Trial> {
    for (const index of missing) {
      const events = options.stimulus(snapshot, index);
      waiting.set(index, events);
      yield { index, events };
    }
  }
  /** Room for a trial is made when its first block comes: an input may be made ready long before. */
  const begin = (trial: number): TrialCollector => {
    const events = waiting.get(trial);
    if (events === undefined) throw new Error(`a block of trial ${trial}, which is not being run`);
    waiting.delete(trial);
    const collector = collectTrial(trial, events, plan);
    collectors.set(trial, collector);
    return collector;
  };
  tell();
  const { dt, order } = experiment.simulation;
  const blocks = engine.run(cell, inputs(), {
    dt,
    order,
    steps: plan.steps,
    recordings: plan.recordings,
    ...(signal === undefined ? {} : { signal }),
    onProgress({ trial, timeMs }) {
      if (!collectors.has(trial) && !waiting.has(trial)) return;
      under.set(trial, timeMs);
      tell();
    },
  });
  for await (const block of blocks) {
    const collector = collectors.get(block.trial) ?? begin(block.trial);
    collector.add(block);
    if (!block.last) continue;
    collectors.delete(block.trial);
    under.delete(block.trial);
    const shard = await writer.commit(collector.record());
    finished += 1;
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
