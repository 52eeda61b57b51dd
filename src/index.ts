/**
 * twincell: typed, reproducible single-neuron experiments. One experiment runs on the original NEURON model, on an
 * independent TypeScript solver, and trains a network to stand in for the cell; `crosscheckExperiment` says whether the
 * first two agree.
 *
 * ```ts
 * import { crosscheckExperiment, defineExperiment, simulate } from 'twincell';
 *
 * const experiment = defineExperiment({ seed: 7, simulation: { trials: 4, seconds: 1 } });
 * const manifest = await simulate(experiment, { out: 'data' });
 * ```
 */
export * from './crosscheck/index.ts';
export {
  type Dataset,
  exportNpz,
  type Manifest,
  type NeuronCheck,
  type NeuronShare,
  openDataset,
  type Shard,
  type SimulateProgress,
  type TrialRecord,
  verifyDataset,
} from './dataset/index.ts';
export type {
  CellRequest,
  ClampSite,
  CurrentClamp,
  Engine,
  Recording,
  RunOptions,
  Sites,
  Trial,
  TrialProgress,
  VoltageBlock,
} from './engine/engine.ts';
export { createNeuronEngine, type NeuronEngineOptions } from './engine/neuron.ts';
export { createSolverEngine, type SolverEngineOptions } from './engine/solver.ts';
export { SPIKE_PEAK_MV, spikeBins, spikePeaks } from './engine/spikes.ts';
export * from './errors.ts';
export {
  defineExperiment,
  type Experiment,
  type ExperimentInput,
  experimentIdentity,
  parseExperiment,
} from './experiment/index.ts';
export * from './features/index.ts';
export * from './launch/index.ts';
export * from './model/index.ts';
export type { SolverMode } from './solver/index.ts';
export type { EventTable } from './stimulus/index.ts';
export { paperStimulus, stimulusFor } from './stimulus/index.ts';
export {
  functionalComplexity,
  PRESET_NAMES,
  rocAuc,
  rocCurve,
  spikeScores,
  type TrainedTwin,
  type TrainReport,
  type TwinEvaluation,
  twinPreset,
  voltageScores,
} from './twin/index.ts';
export { VERSION } from './version.ts';
