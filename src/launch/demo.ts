/** The main job on a real neuron, small enough for ten minutes on two cores. */
import { defineExperiment, type Experiment } from '../experiment/index.ts';
import { DEMO_TWIN } from '../twin/index.ts';

/** Ten trials of the default cell and a small twin of them. */
export function demoExperiment(seed = 1): Experiment {
  return defineExperiment({
    name: 'demo',
    description:
      'A layer-5 pyramidal cell under the synaptic bombardment of Beniaguev et al. 2021, and a small network trained to stand in for it.',
    seed,
    cell: { model: 'l5pc-bbp', condition: 'NMDA' },
    simulation: { trials: 10, seconds: 6 },
    twin: DEMO_TWIN,
  });
}

/** What the demo cross-checks: the same cell and input with a passive membrane, which both engines can run. */
export function demoCrosscheck(seed = 1): Experiment {
  return defineExperiment({
    name: 'demo cross-check',
    seed,
    cell: { model: 'l5pc-bbp', condition: 'NMDA', passive: true },
    simulation: { trials: 1, seconds: 1 },
  });
}
