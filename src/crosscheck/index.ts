/**
 * Comparing engines. The same trials run on two engines at the same step and order; every site is compared at every step,
 * and the verdict says whether they agree, differ, or had nothing to agree on.
 */
export { DifferenceTally, type FirstDifference, type SiteDifference } from './compare.ts';
export {
  type CrosscheckOptions,
  type CrosscheckResult,
  type CrosscheckStatus,
  crosscheck,
  INERT_RANGE_MV,
} from './crosscheck.ts';
export {
  type Cause,
  type CauseFinding,
  type DivergenceJson,
  divergenceText,
  type EngineNames,
  type Refinement,
} from './divergence/index.ts';
export { crosscheckMorphologies, type MorphologyCheckOptions, type MorphologyVerdict } from './morphology/index.ts';
export { sketch, sketchAround } from './sketch.ts';
export { compareTraces, type Sample, type Trace, type TraceComparison, type TraceTolerance } from './traces.ts';
export { type CompareTrialOptions, compareTrial, type TrialComparison } from './trial.ts';
export type { FirstWindow } from './window.ts';
