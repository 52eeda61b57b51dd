/** The main job on a real neuron, small enough for ten minutes on two cores. */
import { defineExperiment, type Experiment } from '../experiment/index.ts';
import { DEMO_TWIN } from '../twin/index.ts';

/** Many short trials rather than few long ones: rates differ between trials, and the test should see several of them. */
const TRIALS = 24;
const SECONDS = 3;

/**
 * Trials of the default cell and a small twin of them. A quarter of the trials is held out for the test, a twelfth chooses
 * the best epoch; neither is ever trained on.
 */
export function demoExperiment(seed = 1, trials = TRIALS): Experiment {
  return defineExperiment({
    name: 'A layer-5 pyramidal cell and its twin',
    description:
      'A layer-5 pyramidal cell under the synaptic bombardment of Beniaguev et al. 2021, and a small network trained to stand in for it.',
    seed,
    cell: { model: 'l5pc-bbp', condition: 'NMDA' },
    simulation: { trials, seconds: SECONDS },
    twin: {
      ...DEMO_TWIN,
      split: { validation: Math.max(1, Math.floor(trials / 12)), test: Math.max(1, Math.floor(trials / 4)) },
    },
  });
}

/** What the demo cross-checks: the first seconds of the first trial, the whole active cell with all its synapses. */
export function demoCrosscheck(seed = 1): Experiment {
  return defineExperiment({
    name: 'demo cross-check',
    seed,
    cell: { model: 'l5pc-bbp', condition: 'NMDA' },
    simulation: { trials: 1, seconds: 1 },
  });
}
