/** The tables of a kind of compartments: what they give, at what width of intervals, with what error, and what is left. */
import type { CompartmentPlan, GraphNode } from '../graph.ts';
import { COEFFICIENTS, type Fitted, fitNumber } from './fit.ts';
import { type Tabulable, updatesOf } from './functions.ts';
import { type Grid, intervalsOf } from './grid.ts';
import { GraphBuilder } from './rebuild.ts';
import { withEarlyStates, withoutStates } from './rest.ts';
import { takeValues } from './values.ts';

/** Potentials (mV) and widths of intervals that are tried, one after the other. */
const POTENTIALS: readonly Grid[] = [0.5, 0.25, 0.125, 0.0625].map((width) => ({
  kind: 'linear',
  low: -120,
  high: 70,
  width,
}));
/** Concentrations, from 2e-7 to 16 mM. */
const CONCENTRATIONS: readonly Grid[] = [4, 5, 6, 7, 8].map((parts) => ({ kind: 'octaves', low: -22, high: 4, parts }));

/** One of the numbers that a table gives of each compartment. */
export interface Entry {
  /** Index into the plan's columns. */
  readonly column: number;
  readonly moves: boolean;
  readonly fitted: Fitted;
}

/** Numbers that are functions of one column, with one row of coefficients for each interval of it. */
export interface Table {
  readonly variable: number;
  readonly grid: Grid;
  readonly entries: readonly Entry[];
  /**
   * A plan without tables: its state pass does what the table does, exactly, and its current pass what of that needs no
   * state.
   */
  readonly exact: CompartmentPlan;
}

export interface Tabulated {
  /** With more columns than the plan had, and less to do. */
  readonly plan: CompartmentPlan;
  readonly tables: readonly Table[];
}

export interface TableOptions {
  /** Largest relative error of a and w of a number's update x + a - w·x. */
  readonly tolerance: number;
  /** The plan's uniforms, those included that its prologue makes. */
  readonly uniforms: ArrayLike<number>;
}

interface Chosen {
  readonly tabulable: Tabulable;
  readonly fitted: Fitted;
}

export function tabulate(plan: CompartmentPlan, options: TableOptions): Tabulated {
  const taken = takeValues(plan);
  const { nearCurrent: _, ...others } = plan;
  const valued = { ...others, current: taken.current, columns: taken.columns };
  const choose = (list: readonly Tabulable[]) => chosenOf(plan, list, options);
  const updates = updatesOf(plan);
  const all = choose([...updates, ...taken.values]);
  const complete = taken.values.every((value) =>
    all.some(({ chosen }) => chosen.some((one) => one.tabulable === value)),
  );
  const parts = complete ? all : choose(updates);
  const basis = complete && taken.values.length > 0 ? valued : plan;
  const columns = new Set(parts.flatMap(({ chosen }) => chosen.map(({ tabulable }) => tabulable.column)));
  const tables = parts.map(({ variable, grid, chosen }) => ({
    variable,
    grid,
    entries: chosen.map(({ tabulable: { column, moves }, fitted }) => ({ column, moves, fitted })),
    exact: exactPlan(basis, chosen),
  }));
  return { plan: withEarlyStates(withoutStates(basis, columns)), tables };
}

/** By variable, what can be tabulated within the tolerance; the widest intervals that most of it can. */
function chosenOf({ columns }: CompartmentPlan, list: readonly Tabulable[], options: TableOptions) {
  const variables = [...new Set(list.map(({ variable }) => variable))];
  return variables.flatMap((variable) => {
    const own = list.filter((one) => one.variable === variable);
    const grids = columns[variable]?.kind === 'v' ? POTENTIALS : CONCENTRATIONS;
    let best: { variable: number; grid: Grid; chosen: Chosen[] } | null = null;
    for (const grid of grids) {
      const chosen = own.flatMap((tabulable): Chosen[] => {
        if (expectedError(tabulable, options, grids, grid) > 4 * options.tolerance) return [];
        const fitted = fitOnce(tabulable, options, grid);
        return fitted.error <= options.tolerance ? [{ tabulable, fitted }] : [];
      });
      if (chosen.length > (best?.chosen.length ?? 0)) best = { variable, grid, chosen };
      if (chosen.length === own.length) break;
    }
    return best === null ? [] : [best];
  });
}

/** From the widest intervals: a smooth function's error goes with the fourth power. */
function expectedError(tabulable: Tabulable, options: TableOptions, grids: readonly Grid[], grid: Grid): number {
  const [widest = grid] = grids;
  if (grid === widest) return 0;
  return fitOnce(tabulable, options, widest).error * (intervalsOf(widest) / intervalsOf(grid)) ** 4;
}

/** Fits that were made, the last used last: kinds and simulations of one cell have most in common. */
const made = new Map<string, Fitted>();
const MOST_MADE = 256;

function fitOnce(tabulable: Tabulable, { uniforms }: TableOptions, grid: Grid): Fitted {
  const { graph, value, variable, moves } = tabulable;
  const nodes = graph.nodes.map((node) => withoutPlace(node, variable, uniforms));
  const key = JSON.stringify([grid, moves, value, nodes]);
  const found = made.get(key) ?? fitNumber(tabulable, uniforms, grid);
  made.delete(key);
  made.set(key, found);
  const [oldest] = made.keys();
  if (made.size > MOST_MADE && oldest !== undefined) made.delete(oldest);
  return found;
}

/** The same for nodes that compute the same. */
function withoutPlace(node: GraphNode, variable: number, uniforms: ArrayLike<number>): unknown {
  if (node.op === 'uniform') return uniforms[node.index];
  return node.op === 'load' ? node.column === variable : node;
}

function exactPlan(
  { near: _near, nearCurrent: _current, ...plan }: CompartmentPlan,
  chosen: readonly Chosen[],
): CompartmentPlan {
  const graphOf = (list: readonly Chosen[]) => {
    const builder = new GraphBuilder();
    const stores = list.map(({ tabulable: { graph, value, column } }) => {
      return { column, value: builder.copier(graph, () => null)(value) };
    });
    return { nodes: builder.nodes, stores };
  };
  return { ...plan, current: graphOf(chosen.filter(({ tabulable }) => !tabulable.moves)), state: graphOf(chosen) };
}

/** Entries that share vectors. Their coefficients of a, and of w where it varies, follow one another in a row. */
export interface Group {
  /** One or two. */
  readonly entries: readonly Entry[];
  /** `cubic`: a and w are; `constant`: w is a number; `value`: w is 1. */
  readonly kind: 'cubic' | 'constant' | 'value';
  /** Vectors of a row before the group's. */
  readonly start: number;
}

export function groupsOf({ entries }: Pick<Table, 'entries'>): { readonly groups: Group[]; readonly vectors: number } {
  const kindOf = ({ moves, fitted }: Entry): Group['kind'] =>
    typeof fitted.w !== 'number' ? 'cubic' : moves ? 'constant' : 'value';
  const groups: Group[] = [];
  let vectors = 0;
  for (const kind of ['cubic', 'constant', 'value'] as const) {
    const own = entries.filter((entry) => kindOf(entry) === kind);
    for (let k = 0; k < own.length; k += 2) {
      groups.push({ entries: own.slice(k, k + 2), kind, start: vectors });
      vectors += kind === 'cubic' ? 2 * COEFFICIENTS : COEFFICIENTS;
    }
  }
  return { groups, vectors };
}

/** By interval, then by group, then from the highest power: a of both, and w of both where it is cubic. */
export function rowsOf(table: Table): Float64Array {
  const { groups, vectors } = groupsOf(table);
  const intervals = intervalsOf(table.grid);
  const rows = new Float64Array(intervals * vectors * 2);
  for (const { entries, kind, start } of groups) {
    const first = entries[0] as Entry;
    const second = entries[1] ?? first;
    const sources = [first.fitted.a, second.fitted.a];
    if (kind === 'cubic') sources.push(first.fitted.w as Float64Array, second.fitted.w as Float64Array);
    for (let interval = 0; interval < intervals; interval++) {
      for (let power = 0; power < COEFFICIENTS; power++) {
        const from = interval * COEFFICIENTS + power;
        const to = 2 * (interval * vectors + start) + sources.length * (COEFFICIENTS - 1 - power);
        for (let j = 0; j < sources.length; j++) rows[to + j] = (sources[j] as Float64Array)[from] as number;
      }
    }
  }
  return rows;
}
