/** Which trials of the solver are run again on NEURON: decided by the experiment's seed and nothing else. */
import { randomStream } from './random.ts';
import type { Experiment } from './schema.ts';

/** The share where an experiment does not say. */
export const DEFAULT_NEURON_SHARE = 0.02;

/** The share of an experiment's trials that NEURON runs again, from 0 to 1; 0 where NEURON runs them in the first place. */
export function neuronShareOf({ simulation }: Pick<Experiment, 'simulation'>): number {
  return simulation.engine === 'solver' ? (simulation.neuronShare ?? DEFAULT_NEURON_SHARE) : 0;
}

/**
 * The trials that NEURON runs again, rising: the first trial, and one drawn by the seed from every further 1/share of them.
 * Those of fewer trials are among those of more, so that a data set that grows keeps what was checked.
 */
export function trialsForNeuron(seed: number, share: number, trials: number): number[] {
  if (share <= 0) return [];
  const chosen: number[] = [];
  for (let part = 0, start = 0; start < trials; part++) {
    const end = Math.ceil((part + 1) / share);
    const draw = randomStream({ seed, trial: part, purpose: 'neuron-share' }).integer(end - start);
    const trial = part === 0 ? 0 : start + draw;
    if (trial < trials) chosen.push(trial);
    start = end;
  }
  return chosen;
}
