/** From an experiment, a cell and a trial to the trial's events: the one place where engines' input comes from. */
import { UsageError } from '../errors.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type CellSnapshot, dendriteRows } from '../model/snapshot.ts';
import type { EventTable } from './events.ts';
import { type DendriteGeometry, PAPER_RANGES, type PaperStimulusOptions, paperStimulus } from './paper.ts';
import type { RateRanges } from './rates.ts';

/** What `stimulusFor` reads of an experiment. */
export type StimulusRequest = Pick<Experiment, 'seed' | 'stimulus'> & {
  readonly cell: Pick<Experiment['cell'], 'condition'>;
  readonly simulation: Pick<Experiment['simulation'], 'seconds'>;
};

/** The events of trial `trial`; the same whatever other trials there are. */
export function stimulusFor(experiment: StimulusRequest, cell: CellSnapshot, trial: number): EventTable {
  const durationMs = wholeMs(experiment.simulation.seconds);
  return drawInput(paperInput(experiment), cell, { seed: experiment.seed, trial, durationMs });
}

/** The paper's input with its numbers; null for none. */
export type PaperInput = Required<Pick<PaperStimulusOptions, 'ranges' | 'releaseProbability'>> | null;

/** What an experiment asks for. */
export function paperInput(experiment: Pick<StimulusRequest, 'stimulus' | 'cell'>): PaperInput {
  const { stimulus } = experiment;
  if (stimulus.kind === 'silent') return null;
  return { ranges: rangesOf(experiment), releaseProbability: stimulus.releaseProbability };
}

/** The events of one trial on a cell. */
export function drawInput(
  input: PaperInput,
  cell: CellSnapshot,
  trial: Pick<PaperStimulusOptions, 'seed' | 'trial' | 'durationMs'>,
): EventTable {
  const segments = dendriteGeometry(cell);
  if (input !== null) return paperStimulus({ ...trial, segments, ...input });
  return { dendrites: segments.length.length, channel: new Int32Array(0), time: new Float64Array(0) };
}

/** The dendritic channels' lengths and trees. Dendrites that are not apical count as basal. */
export function dendriteGeometry(cell: CellSnapshot): DendriteGeometry {
  const rows = dendriteRows(cell);
  return {
    length: Float64Array.from(rows, (row) => cell.length[row] as number),
    tree: Array.from(rows, (row) => (cell.sectionType[row] === 'apical' ? 'apical' : 'basal')),
  };
}

/** The condition's ranges, with the experiment's own in their place. */
function rangesOf(experiment: Pick<StimulusRequest, 'stimulus' | 'cell'>): RateRanges {
  const usual: RateRanges = PAPER_RANGES[experiment.cell.condition];
  const { stimulus } = experiment;
  if (stimulus.kind !== 'paper') return usual;
  return {
    excitatoryBasal: stimulus.excitatoryBasal ?? usual.excitatoryBasal,
    excitatoryApical: stimulus.excitatoryApical ?? usual.excitatoryApical,
    inhibitoryMinusExcitatory: stimulus.inhibitoryMinusExcitatory ?? usual.inhibitoryMinusExcitatory,
  };
}

function wholeMs(seconds: number): number {
  const ms = Math.round(seconds * 1000);
  if (Math.abs(ms - seconds * 1000) > 1e-6 || ms < 1) {
    throw new UsageError(`a trial lasts a whole number of ms, not ${seconds * 1000}`, {
      remedy: 'Give --seconds with at most three decimals.',
    });
  }
  return ms;
}
