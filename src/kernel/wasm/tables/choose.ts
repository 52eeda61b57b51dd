/** Which numbers get a table of a variable, with which intervals: the widest that most of them can have. */
import type { GraphNode } from '../graph.ts';
import type { KeptStore } from '../kept.ts';
import { distinct } from '../text.ts';
import { type Fitted, fitNumber } from './fit.ts';
import type { Tabulable } from './functions.ts';
import { type Grid, intervalsOf } from './grid.ts';
import { fromBytes, toBytes } from './kept.ts';

/** Potentials (mV) and widths of intervals that are tried, one after the other. */
const POTENTIALS: readonly Grid[] = [0.5, 0.25, 0.125, 0.0625].map((width) => ({
  kind: 'linear',
  low: -150,
  high: 106,
  width,
}));
/** Concentrations, from 1.2e-7 to 512 mM. */
const CONCENTRATIONS: readonly Grid[] = [4, 5, 6, 7, 8].map((parts) => ({ kind: 'octaves', low: -23, high: 9, parts }));

export interface ChoiceOptions {
  /** Largest relative error of a and w of a number's update x + a - w·x. */
  readonly tolerance: number;
  /** The plan's uniforms, those included that its prologue makes. */
  readonly uniforms: ArrayLike<number>;
  /** Where choices of other processes are found. */
  readonly kept?: KeptStore;
}

/** What of a list can be tabulated. */
export interface Choice {
  readonly grid: Grid;
  readonly chosen: readonly { readonly index: number; readonly fitted: Fitted }[];
}

/** The last used last: simulations of one cell choose the same, and its kinds have fits in common. */
const choices = new Map<string, Choice>();
const fits = new Map<string, Fitted>();
const MOST_CHOICES = 32;
const MOST_FITS = 256;

/** @param list functions of one variable, a potential or a concentration */
export function choose(list: readonly Tabulable[], ofPotential: boolean, options: ChoiceOptions): Choice {
  const grids = ofPotential ? POTENTIALS : CONCENTRATIONS;
  const what = list.map((one) => contentOf(one, options.uniforms));
  const key = JSON.stringify([options.tolerance, grids, what]);
  return remembered(choices, MOST_CHOICES, key, () => {
    const bytes = options.kept?.find(key) ?? null;
    const kept = bytes === null ? null : fromBytes(bytes, grids, list.length);
    if (kept !== null) return kept;
    const choice = chooseNow(list, grids, options);
    options.kept?.keep(key, toBytes(choice, grids));
    return choice;
  });
}

function chooseNow(list: readonly Tabulable[], grids: readonly Grid[], { tolerance, uniforms }: ChoiceOptions): Choice {
  const [widest] = grids as [Grid];
  const fitOf = (one: Tabulable, grid: Grid): Fitted => {
    const key = JSON.stringify([grid, contentOf(one, uniforms)]);
    return remembered(fits, MOST_FITS, key, () => fitNumber(one, uniforms, grid));
  };
  /** From the widest intervals: a smooth function's error goes with the fourth power. */
  const expectedError = (one: Tabulable, grid: Grid): number =>
    grid === widest ? 0 : fitOf(one, widest).error * (intervalsOf(widest) / intervalsOf(grid)) ** 4;
  let best: Choice = { grid: widest, chosen: [] };
  for (const grid of grids) {
    const chosen = list.flatMap((one, index) => {
      if (expectedError(one, grid) > 4 * tolerance) return [];
      const fitted = fitOf(one, grid);
      return fitted.error <= tolerance ? [{ index, fitted }] : [];
    });
    if (chosen.length > best.chosen.length) best = { grid, chosen };
    if (chosen.length === list.length) break;
  }
  return best;
}

/** The same for what computes the same, wherever it stands. */
function contentOf({ graph, value, variable, moves }: Tabulable, uniforms: ArrayLike<number>): unknown {
  return [moves, value, graph.nodes.map((node) => withoutPlace(node, variable, uniforms))];
}

function withoutPlace(node: GraphNode, variable: number, uniforms: ArrayLike<number>): unknown {
  switch (node.op) {
    case 'uniform':
      return distinct(uniforms[node.index] ?? Number.NaN);
    case 'constant':
      return distinct(node.value);
    case 'load':
      return node.column === variable;
    default:
      return node;
  }
}

function remembered<Value>(all: Map<string, Value>, most: number, key: string, make: () => Value): Value {
  const value = all.get(key) ?? make();
  all.delete(key);
  all.set(key, value);
  const [oldest] = all.keys();
  if (all.size > most && oldest !== undefined) all.delete(oldest);
  return value;
}
