/** Mode fast: tables of kinds of compartments, beside the compiled passes of what tables leave. */
import { compileKinds, type PlacedKind, probeFeatures, staticBytes } from '../../kernel/wasm/codegen/index.ts';
import type { KeptStore } from '../../kernel/wasm/kept.ts';
import {
  CONSTANTS,
  compileTables,
  intervalsOf,
  type PlacedTable,
  rowLength,
  rowsOf,
  type Table,
  tabulate,
} from '../../kernel/wasm/tables/index.ts';
import type { Arena } from './arena.ts';

/** A kind of compartment as exact mode runs it; its uniforms hold what its prologue makes. */
export interface ExactKind {
  readonly placed: PlacedKind;
  readonly uniforms: Float64Array;
}

export interface FastTables {
  /** What is left of each kind. */
  readonly kinds: readonly PlacedKind[];
  /** Whether the uniforms that tables were made for are still the same. */
  holds(): boolean;
  /** Moves states on, after what is left of the state pass; with it, values for the next current pass. */
  states(): void;
  /** Values for the next current pass, where potentials have changed since. */
  values(): void;
}

/** Room for tables, as numbers: what is not used costs nothing. */
export const TABLE_ROOM = 4_000_000;

/** Kinds of no more compartments have finer tables for nothing: soma and axon, where spikes start. */
const FEW = 16;
const FINER = 0.1;

/**
 * Compartments in a round of what tables leave. Exponentials are long chains, of which two pairs at a time fill a core; what is
 * left here wants registers instead.
 */
export const LANES_BESIDE_TABLES = 2;

export interface FastOptions {
  /** Largest relative error of what tables give. */
  readonly tolerance: number;
  readonly kept?: KeptStore;
}

export function createTables(kinds: readonly ExactKind[], { tolerance, kept }: FastOptions, arena: Arena): FastTables {
  const tables: { readonly placed: PlacedTable; readonly exact: PlacedKind }[] = [];
  const made = kinds.map(({ uniforms }) => uniforms.slice());
  const rest = kinds.map(({ placed, uniforms }): PlacedKind => {
    const { plan, tables: own } = tabulate(placed.plan, {
      tolerance: placed.count <= FEW ? FINER * tolerance : tolerance,
      uniforms,
      ...(kept && { kept }),
    });
    const more = plan.columns.slice(placed.columns.length).map(() => arena.numbers(placed.count).byteOffset);
    const left = { ...placed, plan, columns: [...placed.columns, ...more] };
    for (const table of own) tables.push({ placed: place(table, left, arena), exact: { ...left, plan: table.exact } });
    return left;
  });
  const insides = arena.integers(tables.length);
  const code = compileTables(
    tables.map(({ placed }, k) => ({ ...placed, inside: insides.byteOffset + 4 * k })),
    {
      constants: arena.numbers(CONSTANTS).byteOffset,
      fused: probeFeatures().relaxedMadd,
      memory: arena.memory,
    },
  );
  const outside = exactly(
    tables.map(({ exact }) => exact),
    arena,
  );
  const run = (pass: 'states' | 'values') => (): void => {
    if (code[pass]()) return;
    for (const [k, inside] of insides.entries()) if (inside === 0) outside(k, pass);
  };
  return {
    kinds: rest,
    holds: () => kinds.every(({ uniforms }, k) => uniforms.every((value, at) => Object.is(value, made[k]?.[at]))),
    states: run('states'),
    values: run('values'),
  };
}

function place(table: Table, { columns, count }: PlacedKind, arena: Arena): PlacedTable {
  const rows = arena.numbers(intervalsOf(table.grid) * rowLength(table));
  rows.set(rowsOf(table));
  return {
    table,
    compartments: count,
    columns,
    rows: rows.byteOffset,
    places: arena.numbers(2 * count).byteOffset,
    inside: 0,
  };
}

/** The same by exact arithmetic, for steps in which a variable is outside its table; compiled when first needed. */
function exactly(kinds: readonly PlacedKind[], arena: Arena): (table: number, pass: 'states' | 'values') => void {
  const statics = arena.numbers(Math.ceil(staticBytes(kinds.map(({ plan }) => plan)) / 8)).byteOffset;
  let functions: readonly { current(): void; state(): void }[] | null = null;
  return (table, pass) => {
    functions ??= compileKinds(kinds, { statics, features: probeFeatures(), contract: true }).instantiate(arena.memory);
    if (pass === 'states') functions[table]?.state();
    else functions[table]?.current();
  };
}
