/**
 * What tables can give: numbers that are a function of one column of the compartment, the potential or a concentration, and
 * new values a + b·x of states x with such functions a and b.
 */
import type { CompartmentPlan, Graph, GraphNode, NodeId, UniformSource } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import { GraphBuilder, hasFunctions, loadsOf, reachable, type Store } from './rebuild.ts';

/** One number that a table gives, apart from the plan that it is from. */
export interface Tabulable {
  /** Where it goes. */
  readonly column: number;
  /** Of which it is a function. */
  readonly variable: number;
  /** Whether it needs what the column held before. */
  readonly moves: boolean;
  /** Computes it, from these two columns. */
  readonly graph: Pick<Graph, 'nodes'>;
  readonly value: NodeId;
}

/** The stores of a plan's state pass that tables can take over, in the pass's order. */
export function updatesOf({ state, columns, uniforms }: CompartmentPlan): Tabulable[] {
  const v = columns.findIndex(({ kind }) => kind === 'v');
  const found: Tabulable[] = [];
  // Concentrations are variables as they are after the pass.
  const pivots = state.stores.filter(({ column }) => {
    const source = columns[column];
    return source?.kind === 'ion' && source.field === 'inside';
  });
  const isPivot = (store: Store): boolean => pivots.includes(store);
  for (const store of state.stores.filter((one) => columns[one.column]?.kind !== 'kept' && !isPivot(one))) {
    const update = apart(state, store, v, null);
    const more = pivots.map((pivot) => apart(state, store, pivot.column, pivot.value));
    const [first] = [update, ...more].filter((one) => one !== null && isWorthwhile(one, uniforms));
    if (first !== null && first !== undefined) found.push(first);
  }
  return found;
}

/** The store as a function of a column, which `pivot` may be the new value of. */
function apart(graph: Graph, { column, value }: Store, variable: number, pivot: NodeId | null): Tabulable | null {
  const builder = new GraphBuilder();
  const copy = builder.copier(graph, (id) => (id === pivot ? builder.add({ op: 'load', column: variable }) : null));
  // What a concentration was before is none of the table's.
  if (pivot !== null && readsBeside(graph, value, pivot, variable)) return null;
  const moved = copy(value);
  const loads = loadsOf(builder, [moved]);
  const moves = loads.delete(column);
  if (!loads.delete(variable) || loads.size > 0) return null;
  return { column, variable, moves, graph: { nodes: builder.nodes }, value: moved };
}

function readsBeside({ nodes }: Graph, root: NodeId, pivot: NodeId, column: number): boolean {
  const seen = new Set<NodeId>();
  const reads = (id: NodeId): boolean => {
    if (id === pivot || seen.has(id)) return false;
    seen.add(id);
    const node = nodes[id] as GraphNode;
    return (node.op === 'load' && node.column === column) || argumentsOf(node).some(reads);
  };
  return reads(root);
}

function isWorthwhile({ graph, value, column, moves }: Tabulable, uniforms: readonly UniformSource[]): boolean {
  if (!hasFunctions(graph, [value]) || usesTime(graph, value, uniforms)) return false;
  return !moves || degreeIn(graph, column, value) === 1;
}

export function usesTime({ nodes }: Pick<Graph, 'nodes'>, root: NodeId, uniforms: readonly UniformSource[]): boolean {
  return [...reachable({ nodes }, [root])].some((id) => {
    const node = nodes[id] as GraphNode;
    const source = node.op === 'uniform' ? uniforms[node.index] : undefined;
    return source?.kind === 'clock' && source.name === 't';
  });
}

type Degree = 0 | 1 | null;

/** The degree of a value in what a column holds, where that is 0 or 1. */
function degreeIn({ nodes }: Pick<Graph, 'nodes'>, column: number, root: NodeId): Degree {
  const known = new Map<NodeId, Degree>();
  const degree = (id: NodeId): Degree => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = compute(nodes[id] as GraphNode);
    known.set(id, found);
    return found;
  };
  const highest = (degrees: readonly Degree[]): Degree => (degrees.includes(null) ? null : degrees.includes(1) ? 1 : 0);
  const all = (ids: readonly NodeId[]): Degree => highest(ids.map(degree));
  const product = (a: NodeId, b: NodeId): Degree => {
    const [x, y] = [degree(a), degree(b)];
    return x === 1 && y === 1 ? null : highest([x, y]);
  };
  const compute = (node: GraphNode): Degree => {
    switch (node.op) {
      case 'load':
        return node.column === column ? 1 : 0;
      case 'neg':
      case 'add':
      case 'sub':
        return all(argumentsOf(node));
      case 'mul':
        return product(node.a, node.b);
      case 'div':
        return degree(node.b) === 0 ? degree(node.a) : null;
      case 'fma':
        return highest([product(node.a, node.b), degree(node.c)]);
      case 'select':
        return degree(node.mask) === 0 ? all([node.a, node.b]) : null;
      default:
        return all(argumentsOf(node)) === 0 ? 0 : null;
    }
  };
  return degree(root);
}
