/**
 * Which states of a plan a table can move on: those whose new value is a + b·x of their old value x, with a and b functions of
 * the potential alone. What is left of the plan goes on as it was.
 */
import type { CompartmentPlan, Graph, GraphNode, GuardedGraph, NodeId } from '../graph.ts';
import { argumentsOf } from '../plan/index.ts';

type Store = Graph['stores'][number];

/** The stores of a plan's state pass that tables can take over, in the pass's order. */
export function updatesOf({ state, columns, uniforms }: CompartmentPlan): Store[] {
  const v = columns.findIndex(({ kind }) => kind === 'v');
  const isTime = (index: number): boolean => {
    const source = uniforms[index];
    return source?.kind === 'clock' && source.name === 't';
  };
  return state.stores.filter((store) => {
    if (columns[store.column]?.kind !== 'field') return false;
    const own = degreesIn(state, { own: store.column, v, isTime });
    return own(store.value) === 1 && uses(state, store.value, v);
  });
}

interface Degrees {
  /** Of the state itself, and of the potential. */
  readonly own: number;
  readonly v: number;
  isTime(uniform: number): boolean;
}

/** The degree (0 or 1) in a state of what depends on it and the potential only; null for the rest. */
function degreesIn({ nodes }: Graph, { own, v, isTime }: Degrees): (id: NodeId) => 0 | 1 | null {
  const known = new Map<NodeId, 0 | 1 | null>();
  const degree = (id: NodeId): 0 | 1 | null => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const found = compute(nodes[id] as GraphNode);
    known.set(id, found);
    return found;
  };
  const all = (ids: readonly NodeId[]): 0 | 1 | null => {
    const found = ids.map(degree);
    if (found.includes(null)) return null;
    return found.includes(1) ? 1 : 0;
  };
  const product = (a: NodeId, b: NodeId): 0 | 1 | null => {
    const [x, y] = [degree(a), degree(b)];
    return x === null || y === null || x + y > 1 ? null : x === 1 || y === 1 ? 1 : 0;
  };
  const compute = (node: GraphNode): 0 | 1 | null => {
    switch (node.op) {
      case 'constant':
        return 0;
      case 'uniform':
        return isTime(node.index) ? null : 0;
      case 'load':
        return node.column === own ? 1 : node.column === v ? 0 : null;
      case 'add':
      case 'sub':
        return all([node.a, node.b]);
      case 'neg':
        return degree(node.a);
      case 'mul':
        return product(node.a, node.b);
      case 'div':
        return degree(node.b) === 0 ? degree(node.a) : null;
      case 'fma': {
        const [first, second] = [product(node.a, node.b), degree(node.c)];
        return first === null || second === null ? null : first === 1 || second === 1 ? 1 : 0;
      }
      case 'select':
        return degree(node.mask) === 0 ? all([node.a, node.b]) : null;
      default:
        return all(argumentsOf(node)) === 0 ? 0 : null;
    }
  };
  return degree;
}

function uses(graph: Graph, id: NodeId, column: number): boolean {
  return [...reachable(graph, [id])].some((one) => {
    const node = graph.nodes[one];
    return node?.op === 'load' && node.column === column;
  });
}

function reachable({ nodes }: Graph, roots: readonly NodeId[]): Set<NodeId> {
  const seen = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const one of argumentsOf(nodes[id] as GraphNode)) visit(one);
  };
  for (const root of roots) visit(root);
  return seen;
}

/** The plan without the states in these columns, and without what was kept from step to step for them alone. */
export function withoutStates(plan: CompartmentPlan, taken: ReadonlySet<number>): CompartmentPlan {
  const { columns, near, nearCurrent } = plan;
  const isKept = ({ column }: Store): boolean => columns[column]?.kind === 'kept';
  const needed = new Set<number>();
  const need = (graph: Graph, roots: readonly NodeId[]): void => {
    for (const id of reachable(graph, roots)) {
      const node = graph.nodes[id] as GraphNode;
      if (node.op !== 'load' || columns[node.column]?.kind !== 'kept' || needed.has(node.column)) continue;
      needed.add(node.column);
      // What is kept may be made of what else is kept.
      for (const store of near?.stores ?? []) {
        if (store.column === node.column && near !== undefined) need(near, [store.value]);
      }
    }
  };
  const rest = (graph: Graph): Store[] => graph.stores.filter((store) => !isKept(store) && !taken.has(store.column));
  if (nearCurrent !== undefined)
    need(nearCurrent, [nearCurrent.guard, ...nearCurrent.stores.map(({ value }) => value)]);
  const shorter = near !== undefined && (nearCurrent !== undefined || hasFunctions(plan.state, rest(plan.state)));
  if (shorter) need(near, [near.guard, ...rest(near).map(({ value }) => value)]);
  const less = <Any extends Graph | GuardedGraph>(graph: Any): Any => ({
    ...graph,
    stores: graph.stores.filter((store) => (isKept(store) ? needed.has(store.column) : !taken.has(store.column))),
  });
  const { near: _, ...others } = plan;
  return { ...others, state: less(plan.state), ...(shorter && { near: less(near) }) };
}

function hasFunctions(graph: Graph, stores: readonly Store[]): boolean {
  const ids = reachable(
    graph,
    stores.map(({ value }) => value),
  );
  return [...ids].some((id) => ['exp', 'expm1', 'log', 'pow'].includes((graph.nodes[id] as GraphNode).op));
}

/** A plan that does nothing but move these states on, as the whole plan does. */
export function onlyStates(plan: CompartmentPlan, taken: ReadonlySet<number>): CompartmentPlan {
  const { near: _near, nearCurrent: _current, ...rest } = plan;
  return {
    ...rest,
    current: { nodes: [], stores: [] },
    state: { ...plan.state, stores: plan.state.stores.filter(({ column }) => taken.has(column)) },
  };
}
