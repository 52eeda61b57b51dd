/**
 * What is asked: the shape of an experiment, its defaults, its checks and its identity. Every other room receives an
 * Experiment that has passed through here, and every random number comes from its seed.
 *
 * ```ts
 * const experiment = defineExperiment({ name: 'first', seed: 7, simulation: { trials: 4, seconds: 1 } });
 * ```
 */
export {
  canonicalJson,
  type Dependencies,
  dataIdentity,
  experimentIdentity,
  sha256,
  twinIdentity,
} from './identity.ts';
export {
  defineExperiment,
  type ExperimentInput,
  type Input,
  parseExperiment,
  shapeProblems,
  throwIfAny,
  wholeSteps,
} from './parse.ts';
export {
  Cell,
  Condition,
  Experiment,
  Network,
  Recordings,
  Simulation,
  Split,
  Stimulus,
  Training,
  Twin,
} from './schema.ts';
export { DEFAULT_NEURON_SHARE, neuronShareOf, trialsForNeuron } from './share.ts';
