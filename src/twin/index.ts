/**
 * The deep twin: a network trained by the torch sidecar to predict a cell's spikes and voltage from its synaptic input.
 * Presets are data, training and evaluation are calls on a sidecar, scores are pure functions over typed arrays. A trained
 * twin also runs here, without Python: `readTwin`, `predictTrial`.
 */
export { type NetworkPrediction, predictTrial, readTwin, type TwinNetwork } from './inference.ts';
export {
  clipSoma,
  functionalComplexity,
  isScored,
  MOST_SPIKES,
  rescaleTo,
  SCORED_FROM_MS,
  SOMA_CLIP_MV,
  type SpikeScores,
  spikeScores,
  type VoltageScores,
  voltageScores,
} from './metrics.ts';
export { readOrigin, type TwinOrigin, unseenTrials } from './origin.ts';
export {
  componentsOf,
  DEMO_TWIN,
  PAPER_LAYERS,
  PAPER_TRAINING,
  type PaperNetwork,
  PRESET_NAMES,
  type PresetName,
  receptiveMs,
  twinPreset,
} from './presets.ts';
export { EvaluateParams, PredictionResult, TrainParams, TrainReport } from './protocol.ts';
export {
  besideTruth,
  EVALUATE,
  type EvaluateOptions,
  evaluateTwin,
  score,
  TRAIN,
  type TrainedTwin,
  type TrainOptions,
  type TrialPrediction,
  type TwinEvaluation,
  trainParams,
  trainTwin,
} from './requests.ts';
export { areaUpTo, partialAuc, type RocCurve, rocAuc, rocCurve, truePositiveRateAt } from './roc.ts';
export { splitTrials, type TrialSplit } from './split.ts';
