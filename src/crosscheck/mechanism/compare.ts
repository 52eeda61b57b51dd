/** Two records of one probe, number by number. */
import type { ProbeRecord } from './neuron-side.ts';
import type { ProbeColumn } from './protocol.ts';
import type { SolverRecord } from './solver-side.ts';

/** Largest difference that still agrees, as a part of the variable's largest value over the run. */
export const TOLERANCE = 1e-9;

/** One variable at one place, on both sides. */
export interface VariableDifference {
  /** `v`, `cai`, `Ih.m`, and where: `node 3`, `instance 0`. */
  readonly name: string;
  readonly place: string;
  /** Largest absolute value in NEURON. */
  readonly maxAbs: number;
  /** Largest absolute difference, and its part of `maxAbs`. NaN where one side has a number and the other has none. */
  readonly maxDiff: number;
  readonly relative: number;
  readonly within: boolean;
  /** The first step beyond tolerance, or null; both values there. */
  readonly firstStep: number | null;
  readonly neuron: number;
  readonly solver: number;
}

export interface ProbeComparison {
  readonly agrees: boolean;
  /** Every number equal to the last bit (NaN equals NaN). */
  readonly bitEqual: boolean;
  readonly steps: number;
  /** Variables beyond tolerance, the earliest first; those of one step in the order of the columns. */
  readonly beyond: readonly VariableDifference[];
  /** The largest relative difference. */
  readonly worst: VariableDifference | null;
  /** Variables that NEURON shows and the solver does not have. */
  readonly missing: readonly string[];
  /** What NEURON shows, by name. */
  readonly compared: readonly string[];
}

/** Compares every column at every step. A column that differs differs: there is no averaging. */
export function compareRecords(record: ProbeRecord, solver: SolverRecord, steps: number): ProbeComparison {
  const { columns } = record;
  const present = columns.map((_, k) => k).filter((k) => !solver.missing.has(k));
  const samples = { neuron: record.samples, solver: solver.samples };
  if (solver.steps < steps) {
    // The solver stops where a potential is not a number; there NEURON must have none either, and goes on without sense.
    const end = (solver.steps + 1) * columns.length;
    const next = record.samples.subarray(end, end + columns.length);
    if (columns.some(({ kind }, k) => kind === 'v' && !Number.isFinite(next[k] as number))) {
      samples.neuron = samples.neuron.subarray(0, end);
    }
  }
  const differences = present.map((k) => compareColumn(columns, samples.neuron, samples.solver, k));
  const events = solver.steps < steps ? [] : compareEvents(record, solver);
  const all = [...differences, ...events];
  const beyond = all.filter(({ within }) => !within);
  beyond.sort((a, b) => (a.firstStep ?? steps) - (b.firstStep ?? steps));
  return {
    agrees: beyond.length === 0,
    bitEqual: all.every(({ maxDiff }) => maxDiff === 0),
    steps: solver.steps,
    beyond,
    worst: all.reduce<VariableDifference | null>((worst, one) => (worse(one, worst) ? one : worst), null),
    missing: names([...solver.missing].map((k) => columns[k] as ProbeColumn)),
    compared: names(present.map((k) => columns[k] as ProbeColumn)),
  };
}

function worse(one: VariableDifference, than: VariableDifference | null): boolean {
  if (than === null || Number.isNaN(one.relative)) return true;
  return !Number.isNaN(than.relative) && one.relative > than.relative;
}

function names(columns: readonly ProbeColumn[]): string[] {
  return [...new Set(columns.map(columnName))];
}

function compareColumn(
  columns: readonly ProbeColumn[],
  neuron: Float64Array,
  solver: Float64Array,
  index: number,
): VariableDifference {
  const column = columns[index] as ProbeColumn;
  const width = columns.length;
  let maxAbs = 0;
  let maxDiff = 0;
  for (let at = index; at < neuron.length; at += width) {
    const x = neuron[at] as number;
    if (Math.abs(x) > maxAbs && Number.isFinite(x)) maxAbs = Math.abs(x);
    const difference = distance(x, solver[at] as number);
    if (!(difference <= maxDiff)) maxDiff = difference;
    if (Number.isNaN(maxDiff)) maxDiff = Number.POSITIVE_INFINITY;
  }
  const limit = TOLERANCE * maxAbs;
  const within = maxDiff <= limit;
  const first = within ? null : firstBeyond(neuron, solver, index, width, limit);
  const at = first === null ? index : first * width + index;
  return {
    name: columnName(column),
    place: placeName(column),
    maxAbs,
    maxDiff,
    relative: maxDiff === 0 ? 0 : maxDiff / maxAbs,
    within,
    firstStep: first,
    neuron: neuron[at] as number,
    solver: solver[at] as number,
  };
}

/** Infinite where one is a number and the other is not; NaN and equal infinities are the same on both sides. */
function distance(x: number, y: number): number {
  if (Object.is(x, y) || x === y) return 0;
  const difference = Math.abs(x - y);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function firstBeyond(neuron: Float64Array, solver: Float64Array, index: number, width: number, limit: number): number {
  for (let step = 0; step * width + index < neuron.length; step++) {
    const at = step * width + index;
    if (!(distance(neuron[at] as number, solver[at] as number) <= limit)) return step;
  }
  return 0;
}

/** Events of each source: as many, at the same times; told by the two that are furthest apart. */
function compareEvents(record: ProbeRecord, solver: SolverRecord): VariableDifference[] {
  return record.events.flatMap(({ mechanism, instance, times }, index) => {
    const others = solver.events[index] ?? [];
    if (times.length === 0 && others.length === 0) return [];
    const apart = Array.from({ length: Math.max(times.length, others.length) }, (_, k) =>
      distance(times[k] ?? Number.NaN, others[k] ?? Number.NaN),
    );
    const maxAbs = Math.max(0, ...times);
    const maxDiff = Math.max(0, ...apart);
    const worst = apart.indexOf(maxDiff);
    return {
      name: `${mechanism} events`,
      place: `instance ${instance}`,
      maxAbs,
      maxDiff,
      relative: maxDiff === 0 ? 0 : maxDiff / maxAbs,
      within: maxDiff <= TOLERANCE * maxAbs,
      // Before any variable: an event is what changes them.
      firstStep: maxDiff <= TOLERANCE * maxAbs ? null : 0,
      neuron: times[worst] ?? Number.NaN,
      solver: others[worst] ?? Number.NaN,
    };
  });
}

/** A column's name as people write it. */
function columnName({ kind, owner, variable, element }: ProbeColumn): string {
  if (kind === 'v') return 'v';
  if (kind === 'ion') return ionName(owner, variable);
  return `${owner}.${variable}${element > 0 ? `[${element}]` : ''}`;
}

function ionName(ion: string, variable: string): string {
  const forms: Readonly<Record<string, string>> = {
    reversal: `e${ion}`,
    inside: `${ion}i`,
    outside: `${ion}o`,
    current: `i${ion}`,
    slope: `di${ion}/dv`,
  };
  return forms[variable] ?? variable;
}

function placeName({ kind, place }: ProbeColumn): string {
  return kind === 'v' || kind === 'ion' ? `node ${place}` : kind === 'instance' ? `instance ${place}` : '';
}
