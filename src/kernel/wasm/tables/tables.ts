/** The tables of kinds of compartments: which states they move on, at what width of intervals, with what error. */
import type { CompartmentPlan } from '../graph.ts';
import { rowLength } from './code.ts';
import { COEFFICIENTS, fitUpdate, type Grid, intervalsOf, type Update } from './fit.ts';
import { type Relaxation, relaxationOf } from './relaxation.ts';
import { updatesOf } from './separate.ts';

/** Potentials outside are left to exact arithmetic (mV). */
const RANGE = { low: -120, high: 70 };
/** Widths of intervals that are tried, one after the other (mV). */
const WIDTHS = [0.5, 0.25, 0.125, 0.0625];

export interface KindTable {
  /** The plan's columns of the states that it moves on. */
  readonly columns: readonly number[];
  readonly grid: Grid;
  /** By interval, then by pair of states, then from the highest power: a of both, w of both. */
  readonly rows: Float64Array;
  /** Largest relative error of an update's coefficients. */
  readonly error: number;
}

export interface TableOptions {
  /** Largest relative error of a and w of a state's update x + a - w·x. */
  readonly tolerance: number;
  /** The plan's uniforms, those included that its prologue makes. */
  readonly uniforms: ArrayLike<number>;
}

/** Null where no state of the plan can be moved on within the tolerance. */
export function tableOf(plan: CompartmentPlan, { tolerance, uniforms }: TableOptions): KindTable | null {
  const candidates = updatesOf(plan).map(({ column, value }) => ({
    column,
    relaxation: relaxationOf(plan, value, uniforms),
  }));
  let best: KindTable | null = null;
  for (const width of WIDTHS) {
    const grid = { ...RANGE, width };
    const fitting = candidates.flatMap(({ column, relaxation }) => {
      if (expectedError(relaxation, width) > 2 * tolerance) return [];
      const update = updateOf(relaxation, grid);
      return update.error <= tolerance ? [{ column, update }] : [];
    });
    if (fitting.length > (best?.columns.length ?? 0)) {
      const updates = fitting.map(({ update }) => update);
      best = {
        columns: fitting.map(({ column }) => column),
        grid,
        rows: rowsOf(updates, intervalsOf(grid)),
        error: Math.max(...updates.map(({ error }) => error)),
      };
    }
    if (fitting.length === candidates.length) break;
  }
  return best;
}

/** Fits that were made, the last used last: kinds, simulations and modes of one cell have states in common. */
const made = new Map<string, Update>();
const MOST_MADE = 256;

function updateOf(relaxation: Relaxation, grid: Grid): Update {
  const key = `${JSON.stringify(grid)} ${relaxation.key}`;
  const update = made.get(key) ?? fitUpdate(relaxation, grid);
  made.delete(key);
  made.set(key, update);
  const [oldest] = made.keys();
  if (made.size > MOST_MADE && oldest !== undefined) made.delete(oldest);
  return update;
}

/** From the widest intervals: a smooth function's error goes with the fourth power. */
function expectedError(relaxation: Relaxation, width: number): number {
  const [widest = width] = WIDTHS;
  if (width === widest) return 0;
  return updateOf(relaxation, { ...RANGE, width: widest }).error * (width / widest) ** 4;
}

function rowsOf(updates: readonly Update[], intervals: number): Float64Array {
  const length = rowLength(updates.length);
  const rows = new Float64Array(intervals * length);
  for (let k = 0; k < updates.length; k += 2) {
    const first = updates[k] as Update;
    const second = updates[k + 1] ?? first;
    const columns = [first.a, second.a, first.w, second.w];
    for (let interval = 0; interval < intervals; interval++) {
      for (let power = 0; power < COEFFICIENTS; power++) {
        const from = interval * COEFFICIENTS + power;
        const to = interval * length + 2 * COEFFICIENTS * k + 4 * (COEFFICIENTS - 1 - power);
        for (const [j, column] of columns.entries()) rows[to + j] = column[from] as number;
      }
    }
  }
  return rows;
}
