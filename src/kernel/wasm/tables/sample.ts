/** The values of a graph at many potentials, operation by operation: what tables are fitted to. */
import { libmNamed } from '../../../libm/index.ts';
import type { Graph, GraphNode, NodeId } from '../graph.ts';
import { applyBinary, applyUnary, argumentsOf } from '../plan/index.ts';

/** The same tables on every machine. */
const LIBM = libmNamed('glibc');

export interface Sampling {
  /** Values of the variable. */
  readonly points: Float64Array;
  /** Its column; another one that the graph loads is the state. */
  readonly variable: number;
  readonly uniforms: ArrayLike<number>;
}

/** Asks for the values of nodes at all points, where the state is `x`. */
export function createSampler({ nodes }: Pick<Graph, 'nodes'>, { points, variable, uniforms }: Sampling) {
  const count = points.length;
  const filled = (value: number): Float64Array => new Float64Array(count).fill(value);
  const isFree = nodes.map((node) => node.op !== 'load' || node.column === variable);
  for (const [id, node] of nodes.entries()) {
    if (!argumentsOf(node).every((one) => isFree[one])) isFree[id] = false;
  }
  const free = new Map<NodeId, Float64Array>();

  return (root: NodeId, x: number): Float64Array => {
    const own = new Map<NodeId, Float64Array>();
    const at = (id: NodeId): Float64Array => {
      const known = isFree[id] ? free : own;
      const before = known.get(id);
      if (before !== undefined) return before;
      const found = compute(nodes[id] as GraphNode);
      known.set(id, found);
      return found;
    };
    const compute = (node: GraphNode): Float64Array => {
      switch (node.op) {
        case 'constant':
          return filled(node.value);
        case 'uniform':
          return filled(uniforms[node.index] ?? Number.NaN);
        case 'load':
          return node.column === variable ? points : filled(x);
        case 'call':
          throw new RangeError(`${node.function} belongs in a prologue`);
        default: {
          const out = new Float64Array(count);
          fill(out, node, argumentsOf(node).map(at));
          return out;
        }
      }
    };
    return at(root);
  };
}

type Operation = Exclude<GraphNode, { op: 'constant' | 'uniform' | 'load' | 'call' }>;

const NOTHING = new Float64Array();

/** Loops of their own for what there is most of: a table has tens of thousands of points. */
function fill(
  out: Float64Array,
  node: Operation,
  [a = NOTHING, b = NOTHING, c = NOTHING]: readonly Float64Array[],
): void {
  const { length } = out;
  const at = (list: Float64Array, k: number): number => list[k] as number;
  switch (node.op) {
    case 'add':
      for (let k = 0; k < length; k++) out[k] = at(a, k) + at(b, k);
      break;
    case 'sub':
      for (let k = 0; k < length; k++) out[k] = at(a, k) - at(b, k);
      break;
    case 'mul':
      for (let k = 0; k < length; k++) out[k] = at(a, k) * at(b, k);
      break;
    case 'div':
      for (let k = 0; k < length; k++) out[k] = at(a, k) / at(b, k);
      break;
    case 'fma':
      for (let k = 0; k < length; k++) out[k] = at(a, k) * at(b, k) + at(c, k);
      break;
    case 'select':
      for (let k = 0; k < length; k++) out[k] = at(a, k) !== 0 ? at(b, k) : at(c, k);
      break;
    default:
      if ('b' in node) for (let k = 0; k < length; k++) out[k] = applyBinary(node.op, at(a, k), at(b, k), LIBM);
      else for (let k = 0; k < length; k++) out[k] = applyUnary(node.op, at(a, k), LIBM);
  }
}
