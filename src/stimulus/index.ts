/**
 * Presynaptic spike trains: one table of events, drawn from the experiment's seed and the trial's number, feeds every engine.
 * `stimulusFor` is what callers use; `paperStimulus` is the recipe of Beniaguev et al. 2021 for any set of dendritic segments.
 * The bytes are the same on every platform and every version of Node.
 */
export type { EventTable } from './events.ts';
export { type DendriteGeometry, PAPER_RANGES, type PaperStimulusOptions, paperStimulus } from './paper.ts';
export type { RateRanges, Tree } from './rates.ts';
export { dendriteGeometry, type PaperInput, paperInput, type StimulusRequest, stimulusFor } from './stimulus.ts';
