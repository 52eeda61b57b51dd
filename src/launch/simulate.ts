/** Making the data set of an experiment. */
import { type Manifest, type SimulateProgress, simulateDataset } from '../dataset/index.ts';
import type { Experiment } from '../experiment/index.ts';
import type { CellSnapshot } from '../model/index.ts';
import { claimFolder } from './claim.ts';
import { assertModeFits, type Prepared, type PrepareOptions, prepare } from './prepare.ts';

export interface SimulateExperimentOptions extends PrepareOptions {
  /** Folder of the data set; an unfinished one of the same experiment is continued. */
  readonly out: string;
  readonly onProgress?: (progress: SimulateProgress) => void;
  /** Told what the cell is made of, before the first trial. */
  readonly onDescribe?: (snapshot: CellSnapshot) => void;
}

/**
 * Simulates the trials of an experiment into a folder.
 *
 * ```ts
 * const manifest = await simulate(defineExperiment({ seed: 7, simulation: { trials: 4, seconds: 1 } }), { out: 'data' });
 * ```
 */
export async function simulate(experiment: Experiment, options: SimulateExperimentOptions): Promise<Manifest> {
  return simulatePrepared(await prepare(experiment, options), options);
}

type SimulatePreparedOptions = Pick<SimulateExperimentOptions, 'out' | 'onProgress' | 'onDescribe' | 'signal'>;

/** The same for an experiment that has been prepared. */
export async function simulatePrepared(prepared: Prepared, options: SimulatePreparedOptions): Promise<Manifest> {
  assertModeFits(prepared);
  return claimFolder(options.out, () => simulateClaimed(prepared, options));
}

async function simulateClaimed(prepared: Prepared, options: SimulatePreparedOptions): Promise<Manifest> {
  const { experiment, cell, dependencies } = prepared;
  const engine = prepared.createEngine(experiment.simulation.engine);
  try {
    return await simulateDataset({
      experiment,
      cell,
      engine,
      dependencies,
      stimulus: (snapshot, trial) => prepared.trial(snapshot, trial).events,
      out: options.out,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.onDescribe ? { onDescribe: options.onDescribe } : {}),
    });
  } finally {
    await engine.close();
  }
}
