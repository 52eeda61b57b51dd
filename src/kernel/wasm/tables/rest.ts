/** What is left of a plan when tables do their part. */
import type { CompartmentPlan, Graph, GraphNode, GuardedGraph, NodeId } from '../graph.ts';
import { usesTime } from './functions.ts';
import { GraphBuilder, hasFunctions, loadsOf, type Store } from './rebuild.ts';

/**
 * The plan without these columns' stores, and without what was kept from step to step for them alone.
 */
export function withoutStates(plan: CompartmentPlan, taken: ReadonlySet<number>): CompartmentPlan {
  const { columns, near, nearCurrent, ...others } = plan;
  const isKept = ({ column }: Store): boolean => columns[column]?.kind === 'kept';
  const needed = new Set<number>();
  const need = (graph: Graph, roots: readonly NodeId[]): void => {
    for (const column of loadsOf(graph, roots)) {
      if (columns[column]?.kind !== 'kept' || needed.has(column)) continue;
      needed.add(column);
      // What is kept may be made of what else is kept.
      for (const store of near?.stores ?? []) {
        if (store.column === column && near !== undefined) need(near, [store.value]);
      }
    }
  };
  const rest = (graph: Graph): Store[] => graph.stores.filter((store) => !isKept(store) && !taken.has(store.column));
  const roots = (stores: readonly Store[]): NodeId[] => stores.map(({ value }) => value);
  if (nearCurrent !== undefined) need(nearCurrent, [nearCurrent.guard, ...roots(nearCurrent.stores)]);
  const shorter =
    near !== undefined && (nearCurrent !== undefined || hasFunctions(plan.state, roots(rest(plan.state))));
  if (shorter) need(near, [near.guard, ...roots(rest(near))]);
  const less = <Any extends Graph | GuardedGraph>(graph: Any): Any => ({
    ...graph,
    stores: graph.stores.filter((store) => (isKept(store) ? needed.has(store.column) : !taken.has(store.column))),
  });
  return {
    ...others,
    columns,
    state: less(plan.state),
    ...(shorter && { near: less(near) }),
    ...(nearCurrent !== undefined && { nearCurrent }),
  };
}

/**
 * The plan with those states moved on by the current pass that need not wait for the new potential: they decay, or follow
 * the currents. Nothing happens between the two passes but the solve.
 */
export function withEarlyStates(plan: CompartmentPlan): CompartmentPlan {
  const { columns, uniforms, current, state, near, nearCurrent, left } = plan;
  if (near !== undefined || nearCurrent !== undefined || left.length > 0) return plan;
  const late = new Set(columns.flatMap(({ kind }, k) => (['v', 'rhs', 'd', 'tabled'].includes(kind) ? [k] : [])));
  const waits = ({ value }: Store): boolean =>
    usesTime(state, value, uniforms) || [...loadsOf(state, [value])].some((column) => late.has(column));
  const waiting = state.stores.filter(waits);
  // What waits must find the old values of what it reads.
  const read = loadsOf(
    state,
    waiting.map(({ value }) => value),
  );
  const early = state.stores.filter((store) => !waits(store) && !read.has(store.column));
  if (early.length === 0) return plan;
  const builder = new GraphBuilder();
  const own = builder.copier(current, () => null);
  const stores = new Map(current.stores.map(({ column, value }) => [column, own(value)]));
  const after = builder.copier(state, (id) => {
    const node = state.nodes[id] as GraphNode;
    return node.op === 'load' ? (stores.get(node.column) ?? null) : null;
  });
  const moved = early.map(({ column, value }) => ({ column, value: after(value) }));
  const kept = [...stores].filter(([column]) => early.every((store) => store.column !== column));
  return {
    ...plan,
    current: { nodes: builder.nodes, stores: [...kept.map(([column, value]) => ({ column, value })), ...moved] },
    state: {
      ...state,
      stores: waiting.concat(state.stores.filter((one) => !waiting.includes(one) && !early.includes(one))),
    },
  };
}
