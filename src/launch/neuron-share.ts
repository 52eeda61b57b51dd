/** Running a share of a data set's trials again on NEURON, and writing down in its manifest how far they are apart. */
import { availableParallelism } from 'node:os';
import { compareTrial } from '../crosscheck/index.ts';
import {
  type CheckWriter,
  collectTrial,
  encodeTrial,
  type Manifest,
  type NeuronCheck,
  openChecks,
  type RecordingPlan,
  recordingPlan,
  type Shard,
} from '../dataset/index.ts';
import type { Engine, RunOptions } from '../engine/engine.ts';
import { isTwincellError, NeuronCheckError } from '../errors.ts';
import { neuronShareOf, sha256, trialsForNeuron } from '../experiment/index.ts';
import type { CellSnapshot } from '../model/index.ts';
import { setupError } from '../model/setup-error.ts';
import { toleranceOf } from './crosscheck.ts';
import type { Prepared } from './prepare.ts';

/** Trials checked, of those that are to be, and simulated time (ms). */
export interface NeuronShareProgress {
  readonly checked: number;
  readonly trials: number;
  readonly timeMs: number;
  readonly totalMs: number;
}

export interface NeuronShareOptions {
  /** Folder of a data set whose trials are all there. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NeuronShareProgress) => void;
}

/**
 * Runs the experiment's share of trials again on NEURON, as many at once as there are workers. What was checked before is
 * not checked again.
 * @throws NeuronCheckError where NEURON cannot run them; the data set is whole all the same
 */
export async function checkNeuronShare(prepared: Prepared, options: NeuronShareOptions): Promise<Manifest> {
  const { experiment } = prepared;
  const share = neuronShareOf(experiment);
  const chosen = trialsForNeuron(experiment.seed, share, experiment.simulation.trials);
  const writer = await openChecks(options.out, { share, toleranceMv: toleranceOf(prepared.options.mode) });
  const missing = chosen.filter((trial) => !writer.checked.has(trial));
  if (missing.length === 0) return writer.finish();
  const failed = await checkTrials(prepared, options, writer, { chosen, missing });
  const manifest = await writer.finish();
  if (failed === undefined) return manifest;
  throw failed;
}

interface Trials {
  readonly chosen: readonly number[];
  readonly missing: readonly number[];
}

/** Checks what is missing; the first failure stops the rest and is returned. */
async function checkTrials(
  prepared: Prepared,
  options: NeuronShareOptions,
  writer: CheckWriter,
  { chosen, missing }: Trials,
): Promise<unknown> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
  const engines = { neuron: prepared.createEngine('neuron', 1), solver: prepared.createEngine('solver', 1) };
  const progress = createProgress(prepared, options, { chosen, missing });
  const waiting = missing[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const work = async (snapshot: CellSnapshot) => {
    for (const trial of waiting) {
      const check = await checkTrial({ prepared, engines, snapshot, trial, writer, signal, onTime: progress.time });
      await writer.commit(check);
      progress.done(trial);
    }
  };
  try {
    const snapshot = await engines.solver.describe(prepared.cell, signal);
    const atOnce = Math.min(missing.length, prepared.options.workers ?? availableParallelism());
    await Promise.all(
      Array.from({ length: atOnce }, () =>
        work(snapshot).catch((error: unknown) => {
          failure ??= { error };
          over.abort();
        }),
      ),
    );
  } catch (error) {
    failure ??= { error };
  } finally {
    await Promise.all([engines.neuron.close(), engines.solver.close()]);
  }
  return failure === undefined ? undefined : failureOf(failure.error, options, writer, missing);
}

interface CheckTrialOptions {
  readonly prepared: Prepared;
  readonly engines: { readonly neuron: Engine; readonly solver: Engine };
  readonly snapshot: CellSnapshot;
  readonly trial: number;
  readonly writer: CheckWriter;
  readonly signal: AbortSignal;
  readonly onTime: (trial: number, timeMs: number) => void;
}

/** Both engines at every step of every site, and what each would have put into the data set. */
async function checkTrial(options: CheckTrialOptions): Promise<NeuronCheck> {
  const { prepared, engines, snapshot, trial, writer, signal, onTime } = options;
  const shard = writer.manifest.shards.find((one) => one.trial === trial);
  if (shard === undefined) throw new Error(`trial ${trial} is to be checked and is not in the data set`);
  const plan = recordingPlan(prepared.experiment);
  const input = prepared.trial(snapshot, trial);
  const neuron = collectTrial(trial, input.events, plan);
  const solver = collectTrial(trial, input.events, plan);
  const { maxAbsDiffMv, spikeStepsEqual, spikes } = await compareTrial({
    reference: engines.neuron,
    other: engines.solver,
    cell: prepared.cell,
    snapshot,
    trial: input,
    run: runOf(prepared, plan, signal, (timeMs) => onTime(trial, timeMs)),
    onReference: neuron.add,
    onOther: solver.add,
  });
  const ours = solver.record();
  return {
    trial,
    sha256: shard.sha256,
    reproduced: isShard(shard, encodeTrial(ours)),
    spikes,
    spikesEqual: sameTimes(neuron.record().spikes, ours.spikes),
    spikeStepsEqual,
    maxAbsDiffMv: Number.isFinite(maxAbsDiffMv) ? maxAbsDiffMv : null,
  };
}

function runOf(
  { experiment }: Prepared,
  { steps, recordings }: RecordingPlan,
  signal: AbortSignal,
  onTime: (timeMs: number) => void,
): RunOptions {
  const { dt, order } = experiment.simulation;
  return { dt, order, steps, recordings, signal, onProgress: ({ timeMs }) => onTime(timeMs) };
}

function isShard(shard: Shard, bytes: Uint8Array): boolean {
  return bytes.length === shard.bytes && sha256(bytes) === shard.sha256;
}

function sameTimes(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((time, k) => time === b[k]);
}

/** Both engines of a trial report, and are in step. */
function createProgress({ experiment }: Prepared, { onProgress }: NeuronShareOptions, { chosen, missing }: Trials) {
  const trialMs = experiment.simulation.seconds * 1000;
  const totalMs = chosen.length * trialMs;
  const under = new Map<number, number>();
  let checked = chosen.length - missing.length;
  const tell = () => {
    const timeMs = checked * trialMs + [...under.values()].reduce((sum, ms) => sum + ms, 0);
    onProgress?.({ checked, trials: chosen.length, timeMs, totalMs });
  };
  tell();
  return {
    time(trial: number, timeMs: number) {
      under.set(trial, timeMs);
      tell();
    },
    done(trial: number) {
      under.delete(trial);
      checked += 1;
      tell();
    },
  };
}

/** What is to be told of a failure: that the data are safe, and how to complete the checks. */
function failureOf(
  cause: unknown,
  { out, signal }: NeuronShareOptions,
  writer: CheckWriter,
  missing: readonly number[],
): unknown {
  const error = setupError(cause);
  const passed = ['Interrupted', 'DiskFull', 'Dataset'].some((tag) => isTwincellError(error) && error.tag === tag);
  if (signal?.aborted || passed || !isTwincellError(error)) return error;
  const unchecked = missing.filter((trial) => !writer.checked.has(trial));
  const { shards } = writer.manifest;
  const again =
    'The same command again runs only what is missing; with --neuron-share 0 (simulation.neuronShare) NEURON is left out.';
  return new NeuronCheckError(
    `all ${shards.length} trials are there, but NEURON could not run trial ${unchecked.join(', ')} again: ${error.message}`,
    { path: out, unchecked, cause: error, remedy: [error.remedy, again].filter(Boolean).join('\n') },
  );
}
