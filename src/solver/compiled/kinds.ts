/** Kinds of compartments bound to a simulation's memory: their plans, their code, and what of them stays JavaScript. */
import { CLOCK, type LinkedKernel } from '../../kernel/linkage.ts';
import type { Field } from '../../kernel/program.ts';
import { compileKinds, type PlacedKind, probeFeatures, staticBytes } from '../../kernel/wasm/codegen/index.ts';
import type { ColumnSource, CompartmentPlan, UniformSource } from '../../kernel/wasm/graph.ts';
import type { KeptStore } from '../../kernel/wasm/kept.ts';
import { type Access, interpretPrologue, type KnownNumbers, planKept } from '../../kernel/wasm/plan/index.ts';
import type { Libm } from '../../libm/index.ts';
import { type Ion, ionStyle } from '../ions.ts';
import type { Arena } from './arena.ts';
import type { Arrangement, Kind } from './arrange.ts';
import { createTables, LANES_BESIDE_TABLES } from './fast.ts';
import { linkLeft } from './left.ts';
import type { StepProbe } from './probe.ts';

/** Steps between two full state passes: what is moved on from step to step gathers rounding. */
const REFRESH_STEPS = 128;

export interface KindParts {
  readonly arrangement: Arrangement;
  readonly arena: Arena;
  readonly kernels: readonly LinkedKernel[];
  readonly ions: ReadonlyMap<string, Ion>;
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  readonly clock: Float64Array;
  readonly libm: Libm;
  readonly order: 1 | 2;
  readonly probe?: StepProbe;
  /** Fields that someone reads from outside, by mechanism. */
  readonly observed: (mechanism: number, field: string) => boolean;
  /** Whether everything a mechanism assigns is wanted. */
  readonly keepAll: boolean;
  /** Whether V8's 256-bit revectorizer shall be able to join vectors. */
  readonly pairable: boolean;
  /** Whether events may change the potential. */
  readonly jumping: boolean;
  /** Mode fast: largest relative error of the tables' coefficients; null for mode exact. */
  readonly tolerance: number | null;
  /** Where plans and tables of other processes are found. */
  readonly kept?: KeptStore;
}

/** All kinds of a circuit, ready to run on its memory. */
export interface BoundKinds {
  /** Computes what no step changes; once after each start. False where the code was made for numbers that have changed since. */
  start(): boolean;
  /** Sets, does not add to, rhs and d of all compartments that have mechanisms. */
  current(): void;
  state(): void;
}

/** Part of a kind that is the same numbers in every step. */
interface Bound {
  readonly kind: Kind;
  readonly plan: CompartmentPlan;
  readonly columns: readonly Float64Array[];
  readonly uniforms: Float64Array;
  /** What the plan took for constants. */
  readonly assumed: readonly Assumption[];
}

interface Assumption {
  readonly column: Float64Array;
  readonly value: number;
}

function holds({ column, value }: Assumption): boolean {
  return column.every((one) => Object.is(one, value));
}

/** Null where a plan needs numbers that are no column: elements of array variables. */
export function bindKinds(parts: KindParts): BoundKinds | null {
  const { arena, arrangement, clock, libm } = parts;
  const kinds = arrangement.kinds.filter(({ slots }) => slots.length > 0);
  const planned = kinds.map((kind) => planKind(kind, parts));
  if (planned.some(({ kind, plan }) => plan.columns.some((source) => isArray(source, kind, parts)))) return null;
  const bound = planned.map(({ kind, plan, assumed }): Bound => {
    const columns = plan.columns.map((source) => columnOf(source, kind, parts));
    return { kind, plan, assumed, columns, uniforms: arena.numbers(plan.uniforms.length) };
  });
  const placed = bound.map(
    ({ kind, plan, columns, uniforms }): PlacedKind => ({
      plan,
      columns: columns.map(({ byteOffset }) => byteOffset),
      uniforms: uniforms.byteOffset,
      count: kind.count,
    }),
  );
  if (parts.tolerance !== null) for (const one of bound) runPrologue(one, parts, libm);
  const fast =
    parts.tolerance === null
      ? null
      : createTables(
          placed.map((one, k) => ({ placed: one, uniforms: (bound[k] as Bound).uniforms })),
          { tolerance: parts.tolerance, ...(parts.kept && { kept: parts.kept }) },
          arena,
        );
  const running = fast?.kinds ?? placed;
  const statics = arena.numbers(Math.ceil(staticBytes(running.map(({ plan }) => plan)) / 8)).byteOffset;
  const code = compileKinds(running, {
    statics,
    features: probeFeatures(),
    contract: true,
    pairable: parts.pairable,
    lanes: fast === null || parts.pairable ? 4 : LANES_BESIDE_TABLES,
  });
  const functions = code.instantiateTogether(arena.memory);
  const left = linkLeft(
    bound.map(({ kind, plan }) => ({ kind, left: plan.left })),
    parts,
  );
  parts.probe?.bound(placed, arena);
  const clocks = bound.flatMap(({ plan, uniforms }) =>
    plan.uniforms.flatMap((source, k) =>
      source.kind === 'clock' ? [{ array: uniforms, index: k, from: CLOCK[source.name] }] : [],
    ),
  );
  const passClock = (): void => {
    for (const { array, index, from } of clocks) array[index] = clock[from] as number;
  };
  let steps = 0;
  return {
    start() {
      steps = 0;
      if (!bound.every(({ assumed }) => assumed.every(holds))) return false;
      for (const one of bound) runPrologue(one, parts, libm);
      if (fast?.holds() === false) return false;
      fast?.values();
      return true;
    },
    current() {
      passClock();
      if (parts.jumping) fast?.values();
      functions.nearCurrent();
      for (const kernel of left.currents) kernel.current();
    },
    state() {
      passClock();
      if (steps++ % REFRESH_STEPS === 0) functions.state();
      else functions.nearState();
      fast?.states();
      for (const kernel of left.states) kernel.state();
    },
  };
}

interface Planned {
  readonly kind: Kind;
  readonly plan: CompartmentPlan;
  readonly assumed: readonly Assumption[];
}

function planKind(kind: Kind, parts: KindParts): Planned {
  const { circuit } = parts.arrangement;
  const placements = kind.slots.flatMap(({ mechanism }) => circuit.mechanisms[mechanism] ?? []);
  const names = new Set(placements.flatMap(({ kernel }) => kernel.program.ions.map(({ ion }) => ion)));
  const ions = [...names].map((name) => ionStyle(name, placements, circuit.ions.get(name)));
  const assumed: Assumption[] = [];
  const plan = planKept(
    placements.map(({ kernel }, k) => ({ program: kernel.program, index: kind.slots[k]?.mechanism ?? -1 })),
    ions,
    {
      mode: 'exact',
      order: parts.order,
      keep: parts.keepAll ? 'all' : 'states',
      known: knownOf(kind, parts, assumed),
      observed: (slot, field) => parts.observed(kind.slots[slot]?.mechanism ?? -1, field),
    },
    parts.kept,
  );
  return { kind, plan, assumed };
}

/** What is the same in all compartments of a kind; each answer is noted, since the code is right only while it holds. */
function knownOf(kind: Kind, parts: KindParts, assumed: Assumption[]): KnownNumbers {
  const { kernels, ions, clock } = parts;
  const same = (column: Float64Array | undefined): number | null => {
    const value = column?.[0];
    if (column === undefined || value === undefined || !column.every((one) => Object.is(one, value))) return null;
    assumed.push({ column, value });
    return value;
  };
  return {
    dt: clock[CLOCK.dt] as number,
    celsius: clock[CLOCK.celsius] as number,
    field(slot, name, element) {
      const kernel = kernels[kind.slots[slot]?.mechanism ?? -1];
      if (kernel === undefined || kernel.field(name)?.length !== 1 || element !== 0) return null;
      return same(fieldColumn(slot, name, kind, parts));
    },
    global(slot, name, element) {
      const kernel = kernels[kind.slots[slot]?.mechanism ?? -1];
      return same(kernel?.global(name).subarray(element, element + 1));
    },
    ion: (name, field) => same(ions.get(name)?.[field].subarray(kind.start, kind.start + kind.count)),
  };
}

function isArray(source: ColumnSource, kind: Kind, { kernels }: KindParts): boolean {
  if (source.kind !== 'field') return false;
  return fieldOf(source.slot, source.field, kind, kernels)?.length !== 1;
}

function fieldOf(slot: number, name: string, kind: Kind, kernels: readonly LinkedKernel[]): Field | undefined {
  return kernels[kind.slots[slot]?.mechanism ?? -1]?.field(name);
}

function fieldColumn(slot: number, name: string, kind: Kind, { kernels }: KindParts): Float64Array {
  const { mechanism, first } = kind.slots[slot] ?? { mechanism: -1, first: 0 };
  return (kernels[mechanism] as LinkedKernel).instance(name).subarray(first, first + kind.count);
}

function columnOf(source: ColumnSource, kind: Kind, parts: KindParts): Float64Array {
  const { arena, arrangement, ions } = parts;
  const byNode = (values: Float64Array): Float64Array => values.subarray(kind.start, kind.start + kind.count);
  switch (source.kind) {
    case 'v':
    case 'rhs':
    case 'd':
      return byNode(parts[source.kind]);
    case 'area':
    case 'diameter':
      return byNode(arrangement.circuit[source.kind]);
    case 'field':
      return fieldColumn(source.slot, source.field, kind, parts);
    case 'ion':
      return byNode((ions.get(source.ion) as Ion)[source.field]);
    default:
      return arena.numbers(kind.count);
  }
}

/** A uniform's number, where the prologue does not make it. */
function uniformOf(source: UniformSource, kind: Kind, parts: KindParts): number {
  switch (source.kind) {
    case 'clock':
      return parts.clock[CLOCK[source.name]] as number;
    case 'global':
      return (
        parts.kernels[kind.slots[source.slot]?.mechanism ?? -1]?.global(source.field)[source.element] ?? Number.NaN
      );
    case 'field':
      return fieldColumn(source.slot, source.field, kind, parts)[0] ?? Number.NaN;
    case 'ion':
      return parts.ions.get(source.ion)?.[source.field][kind.start] ?? Number.NaN;
    case 'made':
      return Number.NaN;
  }
}

function runPrologue({ kind, plan, columns, uniforms }: Bound, parts: KindParts, libm: Libm): void {
  for (const [k, source] of plan.uniforms.entries()) {
    if (source.kind !== 'made') uniforms[k] = uniformOf(source, kind, parts);
  }
  for (const [k, source] of plan.columns.entries()) if (source.kind === 'kept') columns[k]?.fill(Number.NaN);
  for (let compartment = 0; compartment < kind.count; compartment++) {
    const access: Access = {
      column: (index) => columns[index]?.[compartment] ?? Number.NaN,
      uniform: (index) => uniforms[index] ?? Number.NaN,
    };
    const made = interpretPrologue(plan, access, libm);
    for (const [k, source] of plan.columns.entries()) {
      if (source.kind === 'made') (columns[k] as Float64Array)[compartment] = made.columns[source.index] as number;
    }
    if (compartment > 0) continue;
    for (const [k, source] of plan.uniforms.entries()) {
      if (source.kind === 'made') uniforms[k] = made.uniforms[source.index] as number;
    }
  }
}
