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
  low: -150,
  high: 106,
  width,
}));
/** Concentrations, from 1.2e-7 to 512 mM. */
const CONCENTRATIONS: readonly Grid[] = [4, 5, 6, 7, 8].map((parts) => ({ kind: 'octaves', low: -23, high: 9, parts }));

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

/** Two functions that share vectors, one in each lane: a and w of one number, or the a of two whose w are constants. */
export interface Group {
  /** Whose a stand in which lane; one whose w varies stands alone. */
  readonly entries: readonly Entry[];
  readonly functions: readonly [Float64Array, Float64Array];
}

/** Vectors of a row for each group: one for each coefficient, from the highest power. */
export function groupsOf({ entries }: Pick<Table, 'entries'>): Group[] {
  const varying = entries.flatMap((entry): Group[] => {
    const { a, w } = entry.fitted;
    return typeof w === 'number' ? [] : [{ entries: [entry], functions: [a, w] }];
  });
  const constant = entries.filter(({ fitted }) => typeof fitted.w === 'number');
  const paired = constant.flatMap((first, k): Group[] => {
    if (k % 2 === 1) return [];
    const second = constant[k + 1];
    const [a, b] = [first.fitted.a, (second ?? first).fitted.a];
    return [{ entries: second === undefined ? [first] : [first, second], functions: [a, b] }];
  });
  return [...varying, ...paired];
}

/** Numbers of a row. */
export function rowLength(table: Pick<Table, 'entries'>): number {
  return 2 * COEFFICIENTS * groupsOf(table).length;
}

/** By interval, then by group, then from the highest power: both functions' coefficients. */
export function rowsOf(table: Table): Float64Array {
  const length = rowLength(table);
  const intervals = intervalsOf(table.grid);
  const rows = new Float64Array(intervals * length);
  for (const [group, { functions }] of groupsOf(table).entries()) {
    for (const [lane, coefficients] of functions.entries()) {
      for (let interval = 0; interval < intervals; interval++) {
        const to = interval * length + 2 * COEFFICIENTS * group + lane;
        for (let power = 0; power < COEFFICIENTS; power++) {
          rows[to + 2 * (COEFFICIENTS - 1 - power)] = coefficients[interval * COEFFICIENTS + power] as number;
        }
      }
    }
  }
  return rows;
}
