/** Whether a value is linear in another one, and how steep it is. */
import { argumentsOf, type NodeId } from '../graph.ts';
import type { Values } from './values.ts';

/** The slope of `of` in `by`, or null where it is not a straight line. */
export function slopeIn(values: Values, of: NodeId, by: NodeId): NodeId | null {
  const known = new Map<NodeId, NodeId | null>();
  const slope = (id: NodeId): NodeId | null => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = id === by ? values.constant(1) : slopeOfNode(values, id, slope);
    known.set(id, found);
    return found;
  };
  return slope(of);
}

function slopeOfNode(values: Values, id: NodeId, slope: (id: NodeId) => NodeId | null): NodeId | null {
  const node = values.node(id);
  const free = values.constant(0);
  switch (node.op) {
    case 'neg': {
      const a = slope(node.a);
      return a === null ? null : values.unary('neg', a);
    }
    case 'add':
    case 'sub': {
      const a = slope(node.a);
      const b = slope(node.b);
      return a === null || b === null ? null : values.binary(node.op, a, b);
    }
    case 'mul': {
      const a = slope(node.a);
      const b = slope(node.b);
      if (a === free && b !== null) return values.mul(node.a, b);
      return b === free && a !== null ? values.mul(a, node.b) : null;
    }
    case 'div': {
      const a = slope(node.a);
      return a !== null && slope(node.b) === free ? values.div(a, node.b) : null;
    }
    default:
      return argumentsOf(node).every((one) => slope(one) === free) ? free : null;
  }
}
