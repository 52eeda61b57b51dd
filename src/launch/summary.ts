/** What a run came to, as its folder's summary.json holds it. */
import type { CrosscheckResult } from '../crosscheck/index.ts';

/** What a run came to. */
export interface RunSummary {
  readonly identity: string;
  readonly trials: number;
  readonly seconds: number;
  readonly spikes: number;
  readonly events: number;
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
