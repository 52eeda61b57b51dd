/**
 * Features of voltage traces, by eFEL, the library that published cell models are scored with. A sidecar extracts them;
 * it needs an environment of its own (`efel`), made on first use. `zScore` says how far a feature lies from a measurement.
 */
export { type FeatureRequest, type FeatureValues, featureMean, type Measured, zScore } from './extract.ts';
