/** What a run came to, as its folder's summary.json holds it. */
import type { CrosscheckResult } from '../crosscheck/index.ts';
import { checkAgrees, type Manifest } from '../dataset/index.ts';

/** What a run came to. */
export interface RunSummary {
  readonly identity: string;
  readonly trials: number;
  readonly seconds: number;
  readonly spikes: number;
  readonly events: number;
  /** What came of the solver's trials that NEURON ran again; null where it was to run none. */
  readonly neuron: NeuronSummary | null;
  /** The verdict; differences by site stand in crosscheck.json. */
  readonly crosscheck: Omit<CrosscheckResult, 'bySite'> | null;
  /** Scores on held-out trials, and how many trials and spikes they rest on. */
  readonly twin: {
    readonly auc: number | null;
    readonly somaExplainedVariance: number | null;
    readonly trials: number;
    readonly spikes: number;
  } | null;
  /** Wall time of each step that ran (s). */
  readonly wallTimes: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Absolute path of the page. */
  readonly report: string;
}

/** The trials of the solver that NEURON ran again. */
export interface NeuronSummary {
  /** Share of the trials that was asked for. */
  readonly share: number;
  /** Trials compared so far. */
  readonly trials: number;
  /** Within tolerance, spikes at the same steps, and the data set's bytes reproduced: all of them, and at least one. */
  readonly agrees: boolean;
  readonly spikesEqual: boolean;
  readonly spikeStepsEqual: boolean;
  /** At any site and step (mV); null where a voltage was no number, or none was compared. */
  readonly maxAbsDiffMv: number | null;
  readonly toleranceMv: number;
}

export function neuronSummary({ neuron }: Pick<Manifest, 'neuron'>): NeuronSummary | null {
  if (neuron === undefined) return null;
  const { share, toleranceMv, trials } = neuron;
  const known = trials.map((check) => check.maxAbsDiffMv).filter((mv) => mv !== null);
  return {
    share,
    trials: trials.length,
    agrees: trials.length > 0 && trials.every((check) => checkAgrees(check, toleranceMv)),
    spikesEqual: trials.every((check) => check.spikesEqual),
    spikeStepsEqual: trials.every((check) => check.spikeStepsEqual),
    maxAbsDiffMv: known.length === 0 || known.length < trials.length ? null : Math.max(...known),
    toleranceMv,
  };
}
