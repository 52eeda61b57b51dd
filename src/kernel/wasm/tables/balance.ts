/**
 * Sums in halves that do not wait for each other. A current pass adds up one channel after the other; a core that waits for
 * each of them has too little to do, since few compartments fit into what it looks ahead.
 */
import { argumentsOf, type Graph, type GraphNode, type NodeId, usesOf } from '../graph.ts';
import { GraphBuilder } from './rebuild.ts';

/** A number or a product to be added or subtracted; nodes of the new graph. */
interface Term {
  readonly factors: readonly [NodeId] | readonly [NodeId, NodeId];
  readonly less: boolean;
}

/** From so many terms on a sum has two halves. */
const ENOUGH = 4;
/** Cycles until a result can be used; what is loaded is there long before. */
const PRODUCT = 4;
const SUM = 3;

/** The same values up to rounding. */
export function balanced(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const uses = usesOf(graph);
  const times = new Map<NodeId, number>();
  const timeOf = (id: NodeId): number => {
    const known = times.get(id);
    if (known !== undefined) return known;
    const node = builder.nodes[id] as GraphNode;
    const found = Math.max(0, ...argumentsOf(node).map(timeOf)) + latencyOf(node);
    times.set(id, found);
    return found;
  };
  const readyAt = ({ factors }: Term): number => Math.max(...factors.map(timeOf));

  const copy = builder.copier(graph, (id, copied) => {
    if (!isSum(graph.nodes[id] as GraphNode)) return null;
    const terms = termsOf(graph, uses, id, copied);
    if (terms.length < ENOUGH) return null;
    const inOrder = terms.toSorted((one, other) => readyAt(one) - readyAt(other));
    const halves = ([0, 1] as const).map((half) => inOrder.filter((_, k) => k % 2 === half));
    const [first, second] = halves.map((half) => summed(builder, half)) as [NodeId, NodeId];
    return builder.add({ op: 'add', a: first, b: second });
  });
  const stores = graph.stores.map(({ column, value }) => ({ column, value: copy(value) }));
  return { nodes: builder.nodes, stores };
}

function isSum({ op }: GraphNode): boolean {
  return op === 'add' || op === 'sub' || op === 'fma';
}

function latencyOf({ op }: GraphNode): number {
  if (op === 'load' || op === 'constant' || op === 'uniform') return 0;
  return op === 'add' || op === 'sub' ? SUM : PRODUCT;
}

/** What a sum is of; sums within it that others use too stay whole. */
function termsOf({ nodes }: Graph, uses: Uint32Array, root: NodeId, copied: (id: NodeId) => NodeId): readonly Term[] {
  const terms: Term[] = [];
  const visit = (id: NodeId, less: boolean): void => {
    const node = nodes[id] as GraphNode;
    if (id !== root && uses[id] !== 1) terms.push({ factors: [copied(id)], less });
    else if (node.op === 'add' || node.op === 'sub') {
      visit(node.a, less);
      visit(node.b, node.op === 'sub' ? !less : less);
    } else if (node.op === 'fma') {
      terms.push({ factors: [copied(node.a), copied(node.b)], less });
      visit(node.c, less);
    } else if (node.op === 'mul') terms.push({ factors: [copied(node.a), copied(node.b)], less });
    else terms.push({ factors: [copied(id)], less });
  };
  visit(root, false);
  return terms;
}

/** One term after the other; what is added stands before what is subtracted, since a sum starts with it. */
function summed(builder: GraphBuilder, terms: readonly Term[]): NodeId {
  const [first, ...others] = terms.toSorted((one, other) => Number(one.less) - Number(other.less));
  const negative = (id: NodeId): NodeId => builder.add({ op: 'neg', a: id });
  const product = ([a, b]: Term['factors']): NodeId => (b === undefined ? a : builder.add({ op: 'mul', a, b }));
  const { factors, less } = first as Term;
  const start = less ? negative(product(factors)) : product(factors);
  return others.reduce((sum, term) => {
    const [a, b] = term.factors;
    if (b !== undefined) return builder.add({ op: 'fma', a: term.less ? negative(a) : a, b, c: sum });
    return builder.add(term.less ? { op: 'sub', a: sum, b: a } : { op: 'add', a: sum, b: a });
  }, start);
}
