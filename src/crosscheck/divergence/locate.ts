/** The first step at which two engines part, and which variable of which mechanism parted first. */
import type { RecordedVariable, VariableKind } from '../../engine/window.ts';
import { columnOf, type PairedRecord } from './record.ts';

/**
 * Differences up to this part of a variable's own scale are rounding: exp, log and pow of two libraries differ in their last
 * bits, which a spike magnifies to about 1e-9 mV; a mechanism that is read differently is off by far more at once.
 */
export const ROUNDING_FLOOR = 1e-9;

/**
 * A variable's scale is its largest value in the window, but not below these: a potential that crosses 0, or a current
 * that balances to 0, would else have no rounding at all. mV, mA/cm² (or nA), mM.
 */
const LEAST_SCALE: Readonly<Record<VariableKind, number>> = {
  parameter: 0,
  voltage: 1,
  current: 1e-9,
  slope: 1e-9,
  concentration: 1e-9,
  state: 1e-9,
  assigned: 1e-9,
};

/** A slope is a difference of two currents over 0.001 mV, which magnifies their rounding. */
const SLOPE_FACTOR = 1000;

/** What can part first; slopes and assigned variables are told besides. */
const PRIMARY: ReadonlySet<VariableKind> = new Set(['parameter', 'voltage', 'current', 'concentration', 'state']);

export interface LocateOptions {
  /** Part of a variable's scale that counts as rounding; 0 where both engines have the same exp, log and pow. */
  readonly floor?: number;
  /** Steps told of before the one that differs. */
  readonly before?: number;
}

/** One variable where the engines differ. */
export interface VariableDivergence {
  readonly variable: RecordedVariable;
  readonly reference: number;
  readonly other: number;
  readonly difference: number;
  /** Largest value of the variable in the window, on either side. */
  readonly scale: number;
  /** Difference as a part of the scale; infinite where one side is not a number. */
  readonly relative: number;
}

export interface FirstDivergence extends VariableDivergence {
  readonly step: number;
  readonly timeMs: number;
  readonly floor: number;
  /** Mechanisms that can have made the difference, the likeliest first; one where it is certain. */
  readonly suspects: readonly string[];
  /** What both did in the steps before, oldest first, the step itself included. */
  readonly history: {
    readonly steps: readonly number[];
    readonly timesMs: readonly number[];
    readonly reference: readonly number[];
    readonly other: readonly number[];
  };
  /** What else differs at that step (or, of a mechanism's assigned variables, before it), the likeliest cause first. */
  readonly together: readonly VariableDivergence[];
  /** How many these are in all; `together` holds the first of them. */
  readonly togetherCount: number;
  /** Whether it is the first sample of the window, so that the engines may have parted before. */
  readonly atWindowStart: boolean;
}

/** As many variables are told of besides the first. */
const TOLD = 12;
const BEFORE = 5;

interface Candidate extends VariableDivergence {
  readonly index: number;
  readonly row: number;
}

/** The first divergence within the window, or null where all variables agree up to the floor. */
export function locateDivergence(record: PairedRecord, options: LocateOptions = {}): FirstDivergence | null {
  const floor = options.floor ?? ROUNDING_FLOOR;
  const differing = record.variables.flatMap((_, index) => candidateOf(record, index, floor) ?? []);
  const primary = differing.filter(({ variable }) => PRIMARY.has(variable.kind));
  const main = primary.length > 0 ? primary : differing;
  if (main.length === 0) return null;
  const row = Math.min(...rowsOf(main));
  const step = record.firstStep + row;
  const order = causality(step === 0);
  const atStep = main.filter((one) => one.row === row).sort(order);
  const first = atStep[0] as Candidate;
  const together = differing.filter((one) => one !== first && one.row <= row).sort(order);
  return {
    ...bare(first),
    step,
    timeMs: record.timesMs[row] as number,
    floor,
    suspects: suspectsOf(record, first, together),
    history: historyOf(record, first, options.before ?? BEFORE),
    together: together.slice(0, TOLD).map(bare),
    togetherCount: together.length,
    atWindowStart: row === 0 && record.firstStep > 0,
  };
}

/** A list of rows too long to be spread as arguments is cut to distinct ones. */
function rowsOf(candidates: readonly Candidate[]): Set<number> {
  return new Set(candidates.map(({ row }) => row));
}

function bare({ variable, reference, other, difference, scale, relative }: Candidate): VariableDivergence {
  return { variable, reference, other, difference, scale, relative };
}

/** Where a variable first differs by more than the floor; null where it does not. */
function candidateOf(record: PairedRecord, index: number, floor: number): Candidate | null {
  const variable = record.variables[index] as RecordedVariable;
  const columns = record.columns[index] as PairedRecord['columns'][number];
  const [a, b] = [record.reference, record.other];
  const [widthA, widthB] = [a.variables.length, b.variables.length];
  let scale = LEAST_SCALE[variable.kind];
  for (let row = 0; row < record.timesMs.length; row++) {
    scale = larger(scale, a.samples[row * widthA + columns.reference] as number);
    scale = larger(scale, b.samples[row * widthB + columns.other] as number);
  }
  const limit = floor * scale * (variable.kind === 'slope' ? SLOPE_FACTOR : 1);
  for (let row = 0; row < record.timesMs.length; row++) {
    const reference = a.samples[row * widthA + columns.reference] as number;
    const other = b.samples[row * widthB + columns.other] as number;
    const difference = distance(reference, other);
    if (difference <= limit) continue;
    return { variable, reference, other, difference, scale, relative: difference / scale, index, row };
  }
  return null;
}

function larger(scale: number, x: number): number {
  const size = Math.abs(x);
  return size > scale && size < Number.POSITIVE_INFINITY ? size : scale;
}

/** Infinite where one is a number and the other is not. */
function distance(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

/**
 * Cause before effect within one step. A step computes the currents at the potentials before, then the potentials, then in
 * each mechanism, in their order, states and what follows from them; at the start the states come first.
 */
function causality(initial: boolean): (a: Candidate, b: Candidate) => number {
  const phases: Readonly<Record<VariableKind, number>> = initial
    ? { parameter: 0, concentration: 1, state: 1, assigned: 2, current: 3, slope: 4, voltage: 5 }
    : { parameter: 0, current: 1, slope: 2, voltage: 3, concentration: 4, state: 4, assigned: 5 };
  const keys = ({ variable, relative }: Candidate): number[] => {
    // A mechanism's own variable comes before the node's that it writes: an ion's sum after all currents of mechanisms,
    // an ion's concentration after the states of its first writer.
    const own = variable.mechanism === null ? 1 : 0;
    const late = variable.kind === 'current' ? own : 0;
    return [phases[variable.kind], late, variable.kind === 'voltage' ? 0 : variable.order, own, -relative];
  };
  return (a, b) => {
    const [left, right] = [keys(a), keys(b)];
    for (const [k, x] of left.entries()) {
      const y = right[k] as number;
      if (x !== y) return x < y ? -1 : 1;
    }
    return a.index - b.index;
  };
}

/** The mechanism of the variable; else those that write it and show nothing of their own that agrees. */
function suspectsOf(record: PairedRecord, first: Candidate, together: readonly Candidate[]): string[] {
  const { mechanism, writers, node, kind } = first.variable;
  if (mechanism !== null) return [mechanism];
  const own: readonly VariableKind[] = kind === 'concentration' ? ['state', 'assigned'] : ['current'];
  const guilty = together.filter(
    ({ variable }) =>
      variable.node === node && own.includes(variable.kind) && writers.includes(variable.mechanism ?? ''),
  );
  const slope = together.find(({ variable }) => variable.node === node && variable.kind === 'slope');
  if (kind === 'voltage' && slope !== undefined) return [...slope.variable.writers];
  if (guilty.length > 0) return [...new Set(guilty.map(({ variable }) => variable.mechanism as string))];
  const shown = new Set(
    record.variables.flatMap((one) =>
      one.node === node && one.kind === (kind === 'voltage' ? 'current' : kind) ? [one.mechanism] : [],
    ),
  );
  const hidden = writers.filter((one) => !shown.has(one));
  return hidden.length > 0 ? hidden : [...writers];
}

function historyOf(record: PairedRecord, { index, row }: Candidate, before: number): FirstDivergence['history'] {
  const columns = record.columns[index] as PairedRecord['columns'][number];
  const from = Math.max(0, row - before);
  const rows = Array.from({ length: row - from + 1 }, (_, k) => from + k);
  const reference = columnOf(record.reference, columns.reference);
  const other = columnOf(record.other, columns.other);
  return {
    steps: rows.map((one) => record.firstStep + one),
    timesMs: rows.map((one) => record.timesMs[one] as number),
    reference: rows.map((one) => reference[one] as number),
    other: rows.map((one) => other[one] as number),
  };
}
