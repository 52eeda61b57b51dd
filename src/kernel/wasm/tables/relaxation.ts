/** The new value of one state as a function of the potential and its old value, apart from the plan that it is from. */
import type { CompartmentPlan, Graph, GraphNode, NodeId } from '../graph.ts';
import { argumentsOf } from '../plan/index.ts';

export interface Relaxation {
  readonly graph: Graph;
  readonly value: NodeId;
  /** The column of the potential; what else the graph loads is the state. */
  readonly v: number;
  /** By index; only those that the graph has count. */
  readonly uniforms: ArrayLike<number>;
  /** The same for states that move in the same way. */
  readonly key: string;
}

const [V, X] = [0, 1];

export function relaxationOf(
  { state, columns }: CompartmentPlan,
  value: NodeId,
  uniforms: ArrayLike<number>,
): Relaxation {
  const v = columns.findIndex(({ kind }) => kind === 'v');
  const nodes: GraphNode[] = [];
  const places = new Map<NodeId, NodeId>();
  const move = (id: NodeId): NodeId => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const node = state.nodes[id] as GraphNode;
    for (const one of argumentsOf(node)) move(one);
    const moved = movedNode(node, v, uniforms, move);
    places.set(id, nodes.push(moved) - 1);
    return nodes.length - 1;
  };
  const root = move(value);
  const graph = { nodes, stores: [] };
  return { graph, value: root, v: V, uniforms: [], key: JSON.stringify(nodes) };
}

/** Uniforms become numbers. */
function movedNode(node: GraphNode, v: number, uniforms: ArrayLike<number>, move: (id: NodeId) => NodeId): GraphNode {
  if (node.op === 'uniform') return { op: 'constant', value: uniforms[node.index] ?? Number.NaN };
  if (node.op === 'load') return { op: 'load', column: node.column === v ? V : X };
  const moved: Record<string, unknown> = { ...node };
  for (const key of ['mask', 'a', 'b', 'c'] as const) {
    const id = moved[key];
    if (typeof id === 'number') moved[key] = move(id);
  }
  return moved as unknown as GraphNode;
}
