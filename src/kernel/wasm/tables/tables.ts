/** The tables of a kind of compartments: what they give, at what width of intervals, with what error, and what is left. */
import type { CompartmentPlan } from '../graph.ts';
import { balanced } from './balance.ts';
import { type ChoiceOptions, choose } from './choose.ts';
import { COEFFICIENTS, type Fitted } from './fit.ts';
import { type Tabulable, updatesOf } from './functions.ts';
import { type Grid, intervalsOf } from './grid.ts';
import { GraphBuilder } from './rebuild.ts';
import { withEarlyStates, withoutStates } from './rest.ts';
import { takeValues } from './values.ts';

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

interface Chosen {
  readonly tabulable: Tabulable;
  readonly fitted: Fitted;
}

export function tabulate(plan: CompartmentPlan, options: ChoiceOptions): Tabulated {
  const taken = takeValues(plan);
  const { nearCurrent: _, ...others } = plan;
  const valued = { ...others, current: taken.current, columns: taken.columns };
  const chosen = (list: readonly Tabulable[]) => chosenOf(plan, list, options);
  const updates = updatesOf(plan);
  const all = chosen([...updates, ...taken.values]);
  const complete = taken.values.every((value) =>
    all.some((part) => part.chosen.some((one) => one.tabulable === value)),
  );
  const parts = complete ? all : chosen(updates);
  const basis = complete && taken.values.length > 0 ? valued : plan;
  const columns = new Set(parts.flatMap(({ chosen }) => chosen.map(({ tabulable }) => tabulable.column)));
  const tables = parts.map(({ variable, grid, chosen }) => ({
    variable,
    grid,
    entries: chosen.map(({ tabulable: { column, moves }, fitted }) => ({ column, moves, fitted })),
    exact: exactPlan(basis, chosen),
  }));
  const rest = withEarlyStates(withoutStates(basis, columns));
  return { plan: { ...rest, current: balanced(rest.current) }, tables };
}

/** By variable, what can be tabulated within the tolerance. */
function chosenOf({ columns }: CompartmentPlan, list: readonly Tabulable[], options: ChoiceOptions) {
  const variables = [...new Set(list.map(({ variable }) => variable))];
  return variables.flatMap((variable) => {
    const own = list.filter((one) => one.variable === variable);
    const { grid, chosen } = choose(own, columns[variable]?.kind === 'v', options);
    if (chosen.length === 0) return [];
    return [
      { variable, grid, chosen: chosen.map(({ index, fitted }) => ({ tabulable: own[index] as Tabulable, fitted })) },
    ];
  });
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

/** Numbers that share vectors, their two functions one in each lane: one whose w varies, or two whose w are constants. */
export type Group = readonly [Entry] | readonly [Entry, Entry];

/** Vectors of a row for each group: one for each coefficient, from the highest power. */
export function groupsOf({ entries }: Pick<Table, 'entries'>): Group[] {
  const isConstant = ({ fitted }: Entry): boolean => typeof fitted.w === 'number';
  const varying = entries.filter((entry) => !isConstant(entry)).map((entry): Group => [entry]);
  const constant = entries.filter(isConstant);
  const paired = constant.flatMap((first, k): Group[] => {
    if (k % 2 === 1) return [];
    const second = constant[k + 1];
    return [second === undefined ? [first] : [first, second]];
  });
  return [...varying, ...paired];
}

/** a and 1 - w of a number, or the a of two. */
function functionsOf([first, second = first]: Group): readonly [Float64Array, Float64Array] {
  const { a, w } = first.fitted;
  return [a, typeof w === 'number' ? second.fitted.a : restOf(w)];
}

/** The cubics of 1 - w: what a number keeps of itself. */
function restOf(w: Float64Array): Float64Array {
  return w.map((coefficient, k) => (k % COEFFICIENTS === 0 ? 1 - coefficient : -coefficient));
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
  const columns = groupsOf(table).flatMap(functionsOf);
  // Row by row, since a column at a time would go through the whole memory again and again.
  for (let interval = 0; interval < intervals; interval++) {
    for (let column = 0; column < columns.length; column++) {
      const coefficients = columns[column] as Float64Array;
      const to = interval * length + 2 * COEFFICIENTS * (column >> 1) + (column & 1);
      for (let power = 0; power < COEFFICIENTS; power++) {
        rows[to + 2 * (COEFFICIENTS - 1 - power)] = coefficients[interval * COEFFICIENTS + power] as number;
      }
    }
  }
  return rows;
}
