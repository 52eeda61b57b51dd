/** What one engine did in a window of time: every variable at every step. */

/**
 * - parameter: what a user sets;
 * - current: a mechanism's, or an ion's sum;
 * - slope: of an ion's sum, by the potential;
 * - voltage: of a node;
 * - concentration: of an ion at a node, or its reversal potential;
 * - state: a STATE of a mechanism;
 * - assigned: any other variable of a mechanism (a rate, a conductance).
 */
export type VariableKind = 'parameter' | 'current' | 'slope' | 'voltage' | 'concentration' | 'state' | 'assigned';

/** A variable at one place. */
export interface RecordedVariable {
  /** `v`, `cai`, `Ih.m`, `Ih.a[2]`. */
  readonly name: string;
  readonly kind: VariableKind;
  /** The mechanism it belongs to; null for a node's v and an ion's variables. */
  readonly mechanism: string | null;
  /** Mechanisms at this node that write it: the one above, those that write the ion's variable, those with currents for v. */
  readonly writers: readonly string[];
  /** The place of the mechanism, or of the first writer, in the order in which mechanisms run. */
  readonly order: number;
  /** -1 for an artificial cell or a GLOBAL. */
  readonly node: number;
  /** Among the mechanism's instances at this node (or its artificial cells); null for a node's variables and GLOBALs. */
  readonly instance: number | null;
  /** `dend[3](0.5)`, `node 7`; empty where there is no node. */
  readonly site: string;
}

export interface WindowRecord {
  /** Step of the first sample; 0 is the initial state. */
  readonly firstStep: number;
  /** Time of each sample (ms). */
  readonly timesMs: Float64Array;
  readonly variables: readonly RecordedVariable[];
  /** Row by row: all variables of the first sample, then of the second, … */
  readonly samples: Float64Array;
}

/** Which steps of a trial are recorded, both ends included; the trial ends there. */
export interface WindowOptions {
  /** Time step (ms), and order as in RunOptions. */
  readonly dt: number;
  readonly order: 1 | 2;
  readonly firstStep: number;
  readonly lastStep: number;
  readonly signal?: AbortSignal;
}
