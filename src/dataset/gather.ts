/** From an engine's blocks to the files of trials. */
import type { CellRequest, Engine, RunOptions, Trial } from '../engine/engine.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { EventTable } from '../stimulus/events.ts';
import { collectTrial, type RecordingPlan, type TrialCollector } from './collect.ts';
import { type EncodedTrial, encodeShard } from './shard.ts';

/** The trials that a data set still needs. */
export interface ShardRequest extends Pick<RunOptions, 'signal' | 'onProgress'> {
  readonly snapshot: CellSnapshot;
  readonly plan: RecordingPlan;
  /** Numbers of trials, ascending. */
  readonly missing: readonly number[];
}

export interface GatherParts {
  readonly experiment: Experiment;
  readonly cell: CellRequest;
  readonly engine: Engine;
  /** The input of a trial, from the experiment's seed. */
  readonly stimulus: (snapshot: CellSnapshot, trial: number) => EventTable;
}

/** Runs trials on the engine and gives each as soon as its last block has come. */
export async function* gatherTrials(
  { experiment, cell, engine, stimulus }: GatherParts,
  { snapshot, plan, missing, signal, onProgress }: ShardRequest,
): AsyncGenerator<EncodedTrial> {
  const waiting = new Map<number, EventTable>();
  const collectors = new Map<number, TrialCollector>();
  function* inputs(): Generator<Trial> {
    for (const index of missing) {
      const events = stimulus(snapshot, index);
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
  const { dt, order } = experiment.simulation;
  const { steps, recordings } = plan;
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  for await (const block of engine.run(cell, inputs(), { dt, order, steps, recordings, ...watch })) {
    const collector = collectors.get(block.trial) ?? begin(block.trial);
    collector.add(block);
    if (!block.last) continue;
    collectors.delete(block.trial);
    yield encodeShard(collector.record());
  }
}
