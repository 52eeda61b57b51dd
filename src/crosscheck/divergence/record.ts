/** Two engines' records of the same window, variable by variable. */
import type { RecordedVariable, WindowRecord } from '../../engine/window.ts';

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
