/** What one engine did in a window of time: every variable at every step. */

/**
 * - parameter: what a user sets;
 * - current: a mechanism's, or an ion's sum, or the slope of that sum;
 * - voltage: of a node;
 * - concentration: of an ion at a node, or its reversal potential;
 * - state: a STATE of a mechanism;
 * - assigned: any other variable of a mechanism (a rate, a conductance).
 */
export type VariableKind = 'parameter' | 'current' | 'voltage' | 'concentration' | 'state' | 'assigned';

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
  /** Among all instances of the mechanism; null for a node's variables and GLOBALs. */
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

/** Two records of the same steps, with the variables that both have. */
export interface PairedRecord {
  readonly firstStep: number;
  readonly timesMs: Float64Array;
  readonly variables: readonly RecordedVariable[];
  /** Column of each variable in either record. */
  readonly columns: readonly { readonly reference: number; readonly other: number }[];
  readonly reference: WindowRecord;
  readonly other: WindowRecord;
  /** Variables that only one of the two has, by name. */
  readonly unpaired: readonly string[];
}

function keyOf({ name, node, instance }: RecordedVariable): string {
  return `${name}\n${node}\n${instance ?? ''}`;
}

/** Pairs variables by name and place; what is known of a variable is taken from `other` where both know it. */
export function pairRecords(reference: WindowRecord, other: WindowRecord): PairedRecord {
  if (reference.firstStep !== other.firstStep || reference.timesMs.length !== other.timesMs.length) {
    const name = (record: WindowRecord) => `steps ${record.firstStep}+${record.timesMs.length}`;
    throw new Error(`two records cover different steps: ${name(reference)} and ${name(other)}`);
  }
  const columns = new Map(other.variables.map((variable, column) => [keyOf(variable), column]));
  const paired: { variable: RecordedVariable; reference: number; other: number }[] = [];
  const unpaired = new Set<string>();
  for (const [column, variable] of reference.variables.entries()) {
    const key = keyOf(variable);
    const match = columns.get(key);
    columns.delete(key);
    if (match === undefined) unpaired.add(variable.name);
    else paired.push({ variable: other.variables[match] ?? variable, reference: column, other: match });
  }
  for (const column of columns.values()) unpaired.add(other.variables[column]?.name ?? '');
  return {
    firstStep: reference.firstStep,
    timesMs: reference.timesMs,
    variables: paired.map(({ variable }) => variable),
    columns: paired.map((one) => ({ reference: one.reference, other: one.other })),
    reference,
    other,
    unpaired: [...unpaired],
  };
}

/** The values of one variable of a record, step by step. */
export function columnOf({ samples, variables, timesMs }: WindowRecord, column: number): Float64Array {
  const width = variables.length;
  return Float64Array.from(timesMs, (_, step) => samples[step * width + column] as number);
}
