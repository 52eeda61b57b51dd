/**
 * First divergence: where two engines differ, everything both did in the window before is recorded and compared, and the
 * report names the first step at which a variable differs by more than rounding, its mechanism and place, what each engine
 * did just before, and whether the cause is numerical or a mechanism that is read differently.
 */
export { type Cause, type CauseFinding, findCause, type Measure, type Refinement } from './cause.ts';
export {
  type FirstDivergence,
  type LocateOptions,
  locateDivergence,
  ROUNDING_FLOOR,
  type VariableDivergence,
} from './locate.ts';
export { type Located, narrow, type RecordBoth } from './narrow.ts';
export { type PairedRecord, pairRecords } from './record.ts';
export { causeText, type DivergenceJson, divergenceJson, divergenceText, type EngineNames } from './report.ts';
