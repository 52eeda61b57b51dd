/**
 * Divisions: x·(1/a) is x/a where nothing else needs 1/a; and several together, where 1/a and 1/b are b/(ab) and a/(ab), one
 * division and three products.
 */
import type { NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import type { Output } from './emit.ts';
import { LEVEL, type Values } from './values.ts';

/**
 * Reciprocals that a pass needs, up to `size` of them with one division. They are taken in the order in which they are
 * needed, and only together where none depends on another.
 */
export function shareDivisions(values: Values, outputs: readonly Output[], size: number): readonly Output[] {
  return joinFactors(values, size > 1 ? together(values, outputs, size) : outputs);
}

function together(values: Values, outputs: readonly Output[], size: number): readonly Output[] {
  const byDepth = reciprocalsByDepth(values, outputs);
  const replaced = new Map<NodeId, NodeId>();
  const rebuild = (id: NodeId): NodeId => {
    const known = replaced.get(id);
    if (known !== undefined) return known;
    const built = values.level(id) < LEVEL.varying ? id : values.rebuilt(id, rebuild);
    replaced.set(id, built);
    return built;
  };
  for (const list of byDepth) {
    for (let first = 0; first < (list?.length ?? 0); first += size) {
      const group = list?.slice(first, first + size) ?? [];
      const inverses = invertAll(
        values,
        group.map((id) => rebuild(denominator(values, id))),
      );
      for (const [k, id] of group.entries()) replaced.set(id, inverses[k] as NodeId);
    }
  }
  return outputs.map(({ source, value }) => ({ source, value: rebuild(value) }));
}

/** Reciprocals by how many others stand below them, in the order in which they are needed. */
function reciprocalsByDepth(values: Values, outputs: readonly Output[]): (readonly NodeId[] | undefined)[] {
  const depths = new Map<NodeId, number>();
  const byDepth: NodeId[][] = [];
  const depthOf = (id: NodeId): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (values.level(id) < LEVEL.varying) return 0;
    const inside = Math.max(0, ...argumentsOf(values.node(id)).map(depthOf));
    const reciprocal = isReciprocal(values, id);
    if (reciprocal) {
      const list = byDepth[inside] ?? [];
      list.push(id);
      byDepth[inside] = list;
    }
    const depth = inside + (reciprocal ? 1 : 0);
    depths.set(id, depth);
    return depth;
  };
  for (const { value } of outputs) depthOf(value);
  return byDepth;
}

/** A product over a product; null stands for 1. */
interface Quotient {
  readonly over: NodeId | null;
  readonly under: NodeId | null;
}

/** Products with reciprocals that nothing else needs become quotients. */
function joinFactors(values: Values, outputs: readonly Output[]): readonly Output[] {
  const uses = new Map<NodeId, number>();
  const count = (id: NodeId): void => {
    const before = uses.get(id) ?? 0;
    uses.set(id, before + 1);
    if (before > 0 || values.level(id) < LEVEL.varying) return;
    for (const one of argumentsOf(values.node(id))) count(one);
  };
  for (const { value } of outputs) count(value);

  const product = (a: NodeId | null, b: NodeId | null): NodeId | null =>
    a === null ? b : b === null ? a : values.mul(a, b);
  const quotientOf = (id: NodeId): Quotient => {
    const node = values.node(id);
    if (uses.get(id) !== 1 || values.level(id) < LEVEL.varying) return { over: rebuild(id), under: null };
    if (isReciprocal(values, id)) return { over: null, under: rebuild(denominator(values, id)) };
    return node.op === 'mul' ? ofProduct(node.a, node.b) : { over: rebuild(id), under: null };
  };
  const ofProduct = (a: NodeId, b: NodeId): Quotient => {
    const [left, right] = [quotientOf(a), quotientOf(b)];
    return { over: product(left.over, right.over), under: product(left.under, right.under) };
  };
  const rebuilt = new Map<NodeId, NodeId>();
  const rebuild = (id: NodeId): NodeId => {
    const known = rebuilt.get(id);
    if (known !== undefined) return known;
    const built = values.level(id) < LEVEL.varying ? id : compute(id);
    rebuilt.set(id, built);
    return built;
  };
  const compute = (id: NodeId): NodeId => {
    const node = values.node(id);
    if (node.op !== 'mul') return values.rebuilt(id, rebuild);
    const { over, under } = ofProduct(node.a, node.b);
    const one = values.constant(1);
    return under === null ? (over ?? one) : values.div(over ?? one, under);
  };
  return outputs.map(({ source, value }) => ({ source, value: rebuild(value) }));
}

function isReciprocal(values: Values, id: NodeId): boolean {
  const node = values.node(id);
  return node.op === 'div' && values.number(node.a) === 1;
}

function denominator(values: Values, id: NodeId): NodeId {
  const node = values.node(id);
  return node.op === 'div' ? node.b : id;
}

function invertAll(values: Values, list: readonly NodeId[]): NodeId[] {
  const products: NodeId[] = [];
  for (const id of list) {
    const before = products.at(-1);
    products.push(before === undefined ? id : values.mul(before, id));
  }
  const last = products.at(-1);
  if (last === undefined) return [];
  let inverse = values.div(values.constant(1), last);
  const inverses: NodeId[] = [];
  for (let k = list.length - 1; k >= 0; k--) {
    const before = products[k - 1];
    inverses[k] = before === undefined ? inverse : values.mul(inverse, before);
    inverse = values.mul(inverse, list[k] as NodeId);
  }
  return inverses;
}
