/** Making the data set of an experiment. */
import { type Manifest, type SimulateProgress, simulateDataset } from '../dataset/index.ts';
import { type Experiment, neuronShareOf } from '../experiment/index.ts';
import type { CellSnapshot } from '../model/index.ts';
import { claimFolder } from './claim.ts';
import { checkNeuronShare, type NeuronShareProgress } from './neuron-share.ts';
import { assertModeFits, type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import { makeShards } from './shards.ts';

export interface SimulateExperimentOptions extends PrepareOptions {
  /** Folder of the data set; an unfinished one of the same experiment is continued. */
  readonly out: string;
  readonly onProgress?: (progress: SimulateProgress) => void;
  /** Told what the cell is made of, before the first trial. */
  readonly onDescribe?: (snapshot: CellSnapshot) => void;
  /** Told how far NEURON is with the trials of the solver that it runs again. */
  readonly onCheck?: (progress: NeuronShareProgress) => void;
}

/**
 * Simulates the trials of an experiment into a folder. A share of those of the solver is run again on NEURON
 * (`simulation.neuronShare`); the manifest says how far they are apart.
 *
 * ```ts
 * const manifest = await simulate(defineExperiment({ seed: 7, simulation: { trials: 4, seconds: 1 } }), { out: 'data' });
 * ```
 * @throws NeuronCheckError where all trials are there and NEURON could not run its share
 */
export async function simulate(experiment: Experiment, options: SimulateExperimentOptions): Promise<Manifest> {
  return simulatePrepared(await prepare(experiment, options), options);
}

type TrialsOptions = Pick<SimulateExperimentOptions, 'out' | 'onProgress' | 'onDescribe' | 'signal'>;
type ShareOptions = Pick<SimulateExperimentOptions, 'out' | 'onCheck' | 'signal'>;

/** The same for an experiment that has been prepared. */
export async function simulatePrepared(prepared: Prepared, options: TrialsOptions & ShareOptions): Promise<Manifest> {
  assertModeFits(prepared);
  return claimFolder(options.out, async () => {
    const manifest = await simulateClaimed(prepared, options);
    return neuronShareOf(prepared.experiment) > 0 ? shareClaimed(prepared, options) : manifest;
  });
}

/** Only the trials, without NEURON's share of them. */
export async function simulateTrials(prepared: Prepared, options: TrialsOptions): Promise<Manifest> {
  assertModeFits(prepared);
  return claimFolder(options.out, () => simulateClaimed(prepared, options));
}

/** Only NEURON's share of trials that are there. */
export async function simulateShare(prepared: Prepared, options: ShareOptions): Promise<Manifest> {
  return claimFolder(options.out, () => shareClaimed(prepared, options));
}

function shareClaimed(prepared: Prepared, { out, signal, onCheck }: ShareOptions): Promise<Manifest> {
  return checkNeuronShare(prepared, { out, ...(signal && { signal }), ...(onCheck && { onProgress: onCheck }) });
}

async function simulateClaimed(prepared: Prepared, options: TrialsOptions): Promise<Manifest> {
  const { experiment, cell, dependencies } = prepared;
  const engine = prepared.createEngine(experiment.simulation.engine);
  try {
    return await simulateDataset({
      experiment,
      cell,
      engine,
      dependencies,
      stimulus: (snapshot, trial) => prepared.trial(snapshot, trial).events,
      ...(experiment.simulation.engine === 'solver' && { shards: (request) => makeShards(prepared, request) }),
      out: options.out,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.onDescribe ? { onDescribe: options.onDescribe } : {}),
    });
  } finally {
    await engine.close();
  }
}
