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
export { compareTraces, sketch, type Trace, type TraceComparison, type TraceTolerance } from './traces.ts';
