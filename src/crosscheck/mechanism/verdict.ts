/** What a cross-check says of a mechanism. */
import type { DivergenceJson } from '../divergence/index.ts';
import type { VariableDifference } from './compare.ts';
import type { Effect } from './effect.ts';

/**
 * - agrees: every variable within tolerance, in every probe, and the mechanism did something;
 * - differs: not within tolerance;
 * - inert: in NEURON's runs the mechanism did nothing, so that agreement says nothing;
 * - refused: the compiler will not run the file, and says why;
 * - uncompiled: NEURON's own compiler does not take it;
 * - failed: NEURON stopped, crashed or hung on it.
 */
export type MechanismStatus = 'agrees' | 'differs' | 'inert' | 'refused' | 'uncompiled' | 'failed';

/** One probe of a mechanism. */
export interface ProbeVerdict {
  readonly name: string;
  readonly status: 'agrees' | 'differs' | 'failed' | 'not-compared';
  readonly bitEqual: boolean;
  readonly effects: readonly Effect[];
  /** Variables beyond tolerance, the earliest first, at most a few. */
  readonly beyond: readonly VariableDifference[];
  readonly worst: VariableDifference | null;
  readonly missing: readonly string[];
  /** What parted first and why; told of the first probe that differs. */
  readonly divergence: DivergenceJson | null;
  readonly message: string;
}

export interface MechanismVerdict {
  readonly file: string;
  readonly mechanism: string;
  readonly status: MechanismStatus;
  /** Equal to the last bit in every probe. */
  readonly bitEqual: boolean;
  /** What it did in NEURON. */
  readonly effects: readonly Effect[];
  /** Largest relative difference over all probes. */
  readonly maxRelative: number;
  readonly variables: readonly string[];
  readonly probes: readonly ProbeVerdict[];
  /** Why, where the status needs a reason. */
  readonly message: string;
  /** Where the compiler refuses: code of the diagnostic, construct and line. */
  readonly refused?: { readonly code: string; readonly construct: string; readonly line: number };
}

/** Exit code of a command over all of them: differences weigh more than refusals. */
export function exitCodeOf(verdicts: readonly MechanismVerdict[]): 0 | 1 | 2 {
  const has = (...statuses: MechanismStatus[]) => verdicts.some(({ status }) => statuses.includes(status));
  if (has('differs', 'inert')) return 1;
  return has('refused', 'uncompiled', 'failed') ? 2 : 0;
}
