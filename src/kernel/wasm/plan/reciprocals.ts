/** Divisions together: 1/a and 1/b are b/(ab) and a/(ab), one division and three products. */
import type { NodeId } from '../graph.ts';
import type { Output } from './emit.ts';
import { argumentsOf } from './slope.ts';
import { LEVEL, type Values } from './values.ts';

/**
 * Reciprocals that a pass needs, up to `size` of them with one division. They are taken in the order in which they are
 * needed, and only together where none depends on another.
 */
export function shareDivisions(values: Values, outputs: readonly Output[], size: number): readonly Output[] {
  const depths = new Map<NodeId, number>();
  const byDepth: NodeId[][] = [];
  /** How many reciprocals stand one above the other in a value. */
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
      const together = list?.slice(first, first + size) ?? [];
      const inverses = invertAll(
        values,
        together.map((id) => rebuild(denominator(values, id))),
      );
      for (const [k, id] of together.entries()) replaced.set(id, inverses[k] as NodeId);
    }
  }
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
