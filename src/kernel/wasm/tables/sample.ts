/** The values of a graph at many potentials, operation by operation: what tables are fitted to. */
import { libmNamed } from '../../../libm/index.ts';
import type { Graph, GraphNode, NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import { applyBinary, applyUnary } from '../plan/index.ts';

/** The same tables on every machine. */
const LIBM = libmNamed('glibc');

export interface Sampling {
  /** Points that are taken together. */
  readonly count: number;
  /** The variable's column; another one that the graph loads is the state. */
  readonly variable: number;
  readonly uniforms: ArrayLike<number>;
}

export interface Sampler {
  /** Computes a node's values at all points, where the state is 0; they are overwritten by the next run. */
  at(points: Float64Array): Float64Array;
  /** The same where the state is 1, at the points of the last run. */
  moved(): Float64Array;
}

/** @param graph of nothing but what `root` is made of */
export function createSampler(graph: Pick<Graph, 'nodes'>, root: NodeId, sampling: Sampling): Sampler {
  const { nodes } = graph;
  const { count, variable, uniforms } = sampling;
  const values = nodes.map(() => new Float64Array(count));
  const of = (id: NodeId): Float64Array => values[id] as Float64Array;
  const isFree: boolean[] = [];
  const operations: { readonly id: NodeId; readonly node: Operation; readonly given: readonly Float64Array[] }[] = [];
  for (const [id, node] of nodes.entries()) {
    isFree[id] = node.op === 'load' ? node.column === variable : argumentsOf(node).every((one) => isFree[one]);
    if (node.op === 'constant') of(id).fill(node.value);
    else if (node.op === 'uniform') of(id).fill(uniforms[node.index] ?? Number.NaN);
    else if (node.op === 'call') throw new RangeError(`${node.function} belongs in a prologue`);
    else if (node.op !== 'load') operations.push({ id, node, given: argumentsOf(node).map(of) });
  }
  const loads = nodes.flatMap((node, id) => (node.op === 'load' ? [{ values: of(id), isFree: isFree[id] }] : []));
  const run = (which: (id: NodeId) => boolean): Float64Array => {
    for (const { id, node, given } of operations) if (which(id)) fill(of(id), node, given);
    return of(root);
  };
  return {
    at(points) {
      for (const load of loads) {
        if (load.isFree) load.values.set(points);
        else load.values.fill(0);
      }
      return run(() => true);
    },
    moved() {
      for (const load of loads) if (!load.isFree) load.values.fill(1);
      return run((id) => isFree[id] !== true);
    },
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
