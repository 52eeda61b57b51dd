/** Mode fast: the states of kinds of compartments that tables move on, beside the compiled passes of the rest. */
import { compileKinds, type PlacedKind, probeFeatures, staticBytes } from '../../kernel/wasm/codegen/index.ts';
import type { CompartmentPlan } from '../../kernel/wasm/graph.ts';
import {
  CONSTANTS,
  compileTables,
  intervalsOf,
  type KindTable,
  onlyStates,
  type PlacedTable,
  rowLength,
  tableOf,
  withoutStates,
} from '../../kernel/wasm/tables/index.ts';
import type { Arena } from './arena.ts';

/** A kind of compartment as exact mode runs it; its uniforms hold what its prologue makes. */
export interface ExactKind {
  readonly placed: PlacedKind;
  readonly uniforms: Float64Array;
}

export interface FastStates {
  /** What is left of each plan. */
  readonly plans: readonly CompartmentPlan[];
  /** Whether the uniforms that tables were made for are still the same. */
  holds(): boolean;
  /** Moves states on, after what is left of the state pass. */
  run(): void;
}

/** Room for tables, as numbers: what is not used costs nothing. */
export const TABLE_ROOM = 4_000_000;

interface Tabled {
  readonly exact: ExactKind;
  readonly table: KindTable;
  readonly uniforms: Float64Array;
}

/** @param tolerance largest relative error of the coefficients of a state's update */
export function tabulate(kinds: readonly ExactKind[], tolerance: number, arena: Arena): FastStates {
  const tabled: Tabled[] = [];
  const plans = kinds.map((exact) => {
    const { plan } = exact.placed;
    const table = tableOf(plan, { tolerance, uniforms: exact.uniforms });
    if (table === null) return plan;
    tabled.push({ exact, table, uniforms: exact.uniforms.slice() });
    return withoutStates(plan, new Set(table.columns));
  });
  const insides = arena.integers(tabled.length);
  const code = compileTables(
    tabled.map(({ exact: { placed }, table }, k) => place(placed, table, insides.byteOffset + 4 * k, arena)),
    arena.numbers(CONSTANTS).byteOffset,
    probeFeatures().relaxedMadd,
  );
  const run = code.instantiate(arena.memory);
  const outside = exactStates(tabled, arena);
  return {
    plans,
    holds: () =>
      tabled.every(({ exact, uniforms }) => uniforms.every((value, k) => Object.is(value, exact.uniforms[k]))),
    run() {
      if (run()) return;
      for (const [k, inside] of insides.entries()) if (inside === 0) outside(k);
    },
  };
}

function place({ plan, columns, count }: PlacedKind, table: KindTable, inside: number, arena: Arena): PlacedTable {
  const v = plan.columns.findIndex(({ kind }) => kind === 'v');
  const rows = arena.numbers(intervalsOf(table.grid) * rowLength(table.columns.length));
  rows.set(table.rows);
  return {
    compartments: count,
    v: columns[v] as number,
    states: table.columns.map((column) => columns[column] as number),
    grid: table.grid,
    rows: rows.byteOffset,
    places: arena.numbers(2 * count).byteOffset,
    inside,
  };
}

/** The same states by exact arithmetic, for steps in which a potential is outside the tables; compiled when first needed. */
function exactStates(tabled: readonly Tabled[], arena: Arena): (kind: number) => void {
  const kinds = tabled.map(({ exact: { placed }, table }): PlacedKind => {
    return { ...placed, plan: onlyStates(placed.plan, new Set(table.columns)) };
  });
  const statics = arena.numbers(Math.ceil(staticBytes(kinds.map(({ plan }) => plan)) / 8)).byteOffset;
  let functions: readonly { state(): void }[] | null = null;
  return (kind) => {
    functions ??= compileKinds(kinds, { statics, features: probeFeatures(), contract: true }).instantiate(arena.memory);
    functions[kind]?.state();
  };
}
