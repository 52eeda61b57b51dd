/** How the values of the two passes become what is stored: as the programs say, or with less. */
import type { NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import { Algebra } from './algebra.ts';
import type { Bases } from './bases.ts';
import { type Contribution, type Totals, totalsOf } from './currents.ts';
import type { Output } from './emit.ts';
import { basesOf } from './gather-bases.ts';
import type { PlanOptions } from './kind.ts';
import { createNear, type Near, USUAL_RANGE } from './near.ts';
import { shareDivisions } from './reciprocals.ts';
import { LEVEL, type Values } from './values.ts';

/** What the passes leave behind. */
export interface Passes {
  readonly contributions: readonly Contribution[];
  /** What the current pass stores, once its currents are added. */
  currents(totals: Totals): readonly Output[];
  readonly states: readonly Output[];
}

export interface Guarded {
  readonly outputs: readonly Output[];
  readonly guard: NodeId;
}

export interface Written {
  readonly current: readonly Output[];
  readonly state: readonly Output[];
  readonly nearCurrent?: Guarded;
  readonly near?: Guarded;
}

export type Writing = (passes: Passes) => Written;

export function asWritten(values: Values): Writing {
  return ({ contributions, currents, states }) => {
    const scaled = (value: NodeId, scale: NodeId | null): NodeId => (scale === null ? value : values.mul(value, scale));
    const sum = (of: (one: Contribution) => NodeId): NodeId =>
      contributions.reduce((sum, one) => values.add(sum, scaled(of(one), one.scale)), values.constant(0));
    const current = sum((one) => one.current);
    const slope = sum((one) => one.slope);
    return { current: currents({ current, slope, ions: new Map() }), state: states };
  };
}

export function rewritten(values: Values, { divisionsTogether = 1, near: range = USUAL_RANGE }: PlanOptions): Writing {
  return (passes) => {
    const bases = basesOf(values);
    const algebra = new Algebra(values, bases);
    const simple = (by: Algebra, list: readonly Output[]): Output[] =>
      list.map(({ source, value }) => ({ source, value: by.simplify(value) }));
    const currentsBy = (by: Algebra): Output[] =>
      passes
        .currents(totalsOf(by, passes.contributions))
        .flatMap((output) => (isTotal(output) ? output : simple(by, [output])));
    const current = currentsBy(algebra);
    const state = simple(algebra, passes.states);
    const shared = (list: readonly Output[]): readonly Output[] => shareDivisions(values, list, divisionsTogether);
    const plain = { current: shared(current), state: shared(state) };
    if (range === null) return plain;

    const near = createNear(values, range);
    const nearCurrent = currentsBy(new Algebra(values, bases, near.atRest));
    const nearState = shortened({ values, bases, near, algebra }, passes.states);
    const kept = near.kept();
    const outputs = inOrder(values, nearState, kept.near);
    const full = inOrder(values, state, kept.full);
    const saves = (less: readonly Output[], more: readonly Output[]): boolean =>
      countFunctions(values, less) < countFunctions(values, more);
    if (!saves([...nearCurrent, ...outputs], [...current, ...state])) return plain;
    return {
      current: plain.current,
      state: shared(full),
      ...(saves(nearCurrent, current) && {
        nearCurrent: { outputs: shared(nearCurrent), guard: near.restGuard() },
      }),
      near: { outputs: shared(outputs), guard: near.guard() },
    };
  };
}

/** Sums of currents are in their form already; one product of them all would have one denominator for all. */
function isTotal({ source }: Output): boolean {
  if (source.kind === 'ion') return source.field === 'current' || source.field === 'slope';
  return source.kind === 'rhs' || source.kind === 'd';
}

interface Shortening {
  readonly values: Values;
  readonly bases: Bases;
  readonly near: Near;
  readonly algebra: Algebra;
}

/** The state pass with shortcuts. */
function shortened({ values, bases, near, algebra }: Shortening, list: readonly Output[]): Output[] {
  const shortcut = new Algebra(values, bases, near);
  for (const { source, value } of list) {
    if (source.kind !== 'ion' || (source.field !== 'inside' && source.field !== 'outside')) continue;
    near.carry(shortcut.simplify(value), source, algebra.simplify(value));
  }
  return list.map(({ source, value }) => ({ source, value: shortcut.simplify(value) }));
}

/** What is kept is stored before the first output that needs it, so that it need not wait. */
function inOrder(values: Values, outputs: readonly Output[], kept: readonly Output[]): Output[] {
  const waiting = new Map<NodeId, Output[]>();
  for (const one of kept) waiting.set(one.value, [...(waiting.get(one.value) ?? []), one]);
  const ordered: Output[] = [];
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id) || values.level(id) < LEVEL.varying) return;
    seen.add(id);
    for (const one of argumentsOf(values.node(id))) visit(one);
    ordered.push(...(waiting.get(id) ?? []));
    waiting.delete(id);
  };
  for (const output of outputs) {
    visit(output.value);
    ordered.push(output);
  }
  return [...ordered, ...[...waiting.values()].flat()];
}

/** Exponentials and logarithms that are computed for values. */
function countFunctions(values: Values, outputs: readonly Output[]): number {
  const seen = new Set<NodeId>();
  let count = 0;
  const visit = (id: NodeId): void => {
    if (seen.has(id) || values.level(id) < LEVEL.varying) return;
    seen.add(id);
    const node = values.node(id);
    if (node.op === 'exp' || node.op === 'expm1' || node.op === 'log' || node.op === 'pow') count += 1;
    for (const one of argumentsOf(node)) visit(one);
  };
  for (const { value } of outputs) visit(value);
  return count;
}
