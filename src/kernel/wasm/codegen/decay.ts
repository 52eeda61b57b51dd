/**
 * States that only decay between events, like a synapse's. Left alone they become subnormal numbers, on which arithmetic
 * costs up to 60 times; so a number is added that no sum with anything a cell has could tell from 0, which costs nothing
 * where products and sums are fused.
 */
import type { Graph, GraphNode, NodeId } from '../graph.ts';

const NOTHING = 1e-100;

/** The graph with that number added wherever a store multiplies what its column, one of `states`, holds. */
export function withoutTraces<G extends Graph>(graph: G, isState: (column: number) => boolean): G {
  const nodes: GraphNode[] = [...graph.nodes];
  const kept = (value: NodeId): NodeId =>
    nodes.push({ op: 'constant', value: NOTHING }, { op: 'add', a: value, b: nodes.length }) - 1;
  const stores = graph.stores.map((store) =>
    isState(store.column) && isDecay(graph, store) ? { ...store, value: kept(store.value) } : store,
  );
  return { ...graph, nodes, stores };
}

/** Whether a store multiplies what its column holds: x·f, or x + x·f as exponential Euler has it. */
function isDecay({ nodes }: Graph, store: Graph['stores'][number]): boolean {
  const isHeld = (id: NodeId): boolean => {
    const node = nodes[id];
    return node?.op === 'load' && node.column === store.column;
  };
  const value = nodes[store.value];
  if (value?.op === 'mul') return isHeld(value.a) || isHeld(value.b);
  return value?.op === 'fma' && isHeld(value.c) && (isHeld(value.a) || isHeld(value.b));
}
