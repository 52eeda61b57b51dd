/**
 * From an experiment to a result, in one call each: simulate, cross-check, train, evaluate, report. This is what scripts
 * use and what the command line is a thin face of; everything it needs is prepared on first use.
 */
export { type CrosscheckExperimentOptions, crosscheckExperiment, DEFAULT_TOLERANCE_MV } from './crosscheck.ts';
export { demoCrosscheck, demoExperiment } from './demo.ts';
export { type ExtractFeaturesOptions, extractFeatures } from './features.ts';
export { loadExperiment } from './load.ts';
export type { NeuronShareProgress } from './neuron-share.ts';
export { writePage } from './page.ts';
export { type Prepared, type PrepareOptions, prepare } from './prepare.ts';
export { reportData, reportFolder } from './report.ts';
export { type RunExperimentOptions, runExperiment, type Step } from './run.ts';
export { type SimulateExperimentOptions, simulate } from './simulate.ts';
export type { NeuronSummary, RunSummary } from './summary.ts';
export { type EvaluateExperimentOptions, evaluate, type TrainExperimentOptions, train } from './twin.ts';
