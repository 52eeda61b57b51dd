/** New graphs from parts of others: equal nodes become one. */
import type { Graph, GraphNode, NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';

export type Store = Graph['stores'][number];

export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly #known = new Map<string, NodeId>();

  add(node: GraphNode): NodeId {
    // JSON has no -0, infinities or NaN.
    const key = node.op === 'constant' ? `${Object.is(node.value, -0) ? '-0' : node.value}` : JSON.stringify(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.nodes.push(node) - 1;
    this.#known.set(key, id);
    return id;
  }

  /** Copies what a node of another graph is made of; `instead` may give something else for a node, else null. */
  copier({ nodes }: Pick<Graph, 'nodes'>, instead: (id: NodeId, copy: (id: NodeId) => NodeId) => NodeId | null) {
    const places = new Map<NodeId, NodeId>();
    const copy = (id: NodeId): NodeId => {
      const known = places.get(id);
      if (known !== undefined) return known;
      const place = instead(id, copy) ?? this.add(withArguments(nodes[id] as GraphNode, copy));
      places.set(id, place);
      return place;
    };
    return copy;
  }
}

/** The same operation on other arguments. */
function withArguments(node: GraphNode, of: (id: NodeId) => NodeId): GraphNode {
  if (node.op === 'call') return { ...node, arguments: node.arguments.map(of) };
  const moved: Record<string, unknown> = { ...node };
  for (const key of ['mask', 'a', 'b', 'c'] as const) {
    const id = moved[key];
    if (typeof id === 'number') moved[key] = of(id);
  }
  return moved as unknown as GraphNode;
}

export function reachable({ nodes }: Pick<Graph, 'nodes'>, roots: readonly NodeId[]): Set<NodeId> {
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const one of argumentsOf(nodes[id] as GraphNode)) visit(one);
  };
  for (const root of roots) visit(root);
  return seen;
}

/** Columns that values are made of. */
export function loadsOf(graph: Pick<Graph, 'nodes'>, roots: readonly NodeId[]): Set<number> {
  const loads = [...reachable(graph, roots)].flatMap((id) => {
    const node = graph.nodes[id] as GraphNode;
    return node.op === 'load' ? [node.column] : [];
  });
  return new Set(loads);
}

/** Functions that take long. */
export function hasFunctions(graph: Pick<Graph, 'nodes'>, roots: readonly NodeId[]): boolean {
  return [...reachable(graph, roots)].some((id) => {
    const { op } = graph.nodes[id] as GraphNode;
    return op === 'exp' || op === 'expm1' || op === 'log' || op === 'pow';
  });
}
