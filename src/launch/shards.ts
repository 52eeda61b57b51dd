/** Trials of a data set on the solver's pool: a worker draws the input, runs it and makes the file's bytes of it. */
import { availableParallelism } from 'node:os';
import type { EncodedTrial, RecordingPlan, ShardRequest } from '../dataset/index.ts';
import { type Job, programBeside, runOnPool } from '../engine/pool/index.ts';
import { jobOf, runnerParts } from '../engine/solver-parts.ts';
import type { Experiment } from '../experiment/index.ts';
import { runnableMode } from '../solver/index.ts';
import type { Prepared } from './prepare.ts';

/** What a worker needs to make trials' files. */
export interface ShardJob extends Job {
  readonly experiment: Experiment;
  readonly record: RecordingPlan;
}

/** Makes the files of trials by number. Little passes through this process, so that it keeps up with many workers. */
export async function* makeShards(
  { experiment, cell, options, trial }: Pick<Prepared, 'experiment' | 'cell' | 'options' | 'trial'>,
  { snapshot, plan: record, missing, signal, onProgress }: ShardRequest,
): AsyncGenerator<EncodedTrial> {
  const { mode, libm = 'native', fastError, workers = availableParallelism(), accelerate, onAccelerated } = options;
  const { dt, order } = experiment.simulation;
  const arithmetic = { mode: runnableMode(mode, libm), libm, ...(fastError !== undefined && { fastError }) };
  const parts = await runnerParts(cell, snapshot, { dt, order, ...record }, arithmetic);
  yield* runOnPool<ShardJob, number, EncodedTrial>(
    {
      entry: programBeside(import.meta.url, 'shard-worker'),
      job: { ...jobOf(parts), experiment, record },
      trialOf: (index) => index,
      inputOf: (index) => trial(snapshot, index),
    },
    missing,
    { workers, accelerate, onAccelerated, ...(onProgress && { onProgress }), ...(signal && { signal }) },
  );
}
