/** Functions of the potential in a plan's current pass, taken out of it: loads of columns that tables fill stand for them. */
import { type ColumnSource, type CompartmentPlan, type Graph, type GraphNode, type NodeId, usesOf } from '../graph.ts';
import { type Tabulable, usesTime } from './functions.ts';
import { GraphBuilder, hasFunctions, loadsOf } from './rebuild.ts';

export interface TakenValues {
  readonly current: Graph;
  /** The plan's, and those of the values. */
  readonly columns: readonly ColumnSource[];
  readonly values: readonly Tabulable[];
}

export function takeValues({ current, columns, uniforms }: CompartmentPlan): TakenValues {
  const v = columns.findIndex(({ kind }) => kind === 'v');
  const more: ColumnSource[] = [];
  const values: Tabulable[] = [];
  const builder = new GraphBuilder();
  const known = new Map<string, NodeId>();

  const isOfV = (id: NodeId): boolean => {
    const loads = loadsOf(current, [id]);
    return loads.size === 1 && loads.has(v) && !usesTime(current, id, uniforms);
  };
  const isPlain = (id: NodeId): boolean => loadsOf(current, [id]).size === 0 && !usesTime(current, id, uniforms);
  /** A load of the column for the product of these over the product of those. */
  const tabled = (above: readonly NodeId[], below: readonly NodeId[]): NodeId => {
    const own = new GraphBuilder();
    const copy = own.copier(current, () => null);
    const product = (ids: readonly NodeId[]): NodeId =>
      ids.map(copy).reduce((a, b) => own.add({ op: 'mul', a, b }), own.add({ op: 'constant', value: 1 }));
    const top = product(above);
    const value = below.length === 0 ? top : own.add({ op: 'div', a: top, b: product(below) });
    const key = JSON.stringify([own.nodes, value]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const column = columns.length + more.length;
    more.push({ kind: 'tabled', index: more.length });
    values.push({ column, variable: v, moves: false, graph: own, value });
    const load = builder.add({ op: 'load', column });
    known.set(key, load);
    return load;
  };

  const uses = usesOf(current);
  const copy = builder.copier(current, (id, copied) => {
    const node = current.nodes[id] as GraphNode;
    if (isOfV(id)) return hasFunctions(current, [id]) ? tabled([id], []) : null;
    if (node.op !== 'mul' && node.op !== 'div') return null;
    const { above, below } = factorsOf(current, id, uses);
    const ofV = (list: readonly NodeId[]): NodeId[] => list.filter((one) => isOfV(one));
    const taken = [...ofV(above), ...ofV(below)];
    if (!taken.some((one) => hasFunctions(current, [one]))) return null;
    const isOne = (one: NodeId): boolean => {
      const factor = current.nodes[one];
      return factor?.op === 'constant' && factor.value === 1;
    };
    const rest = above.filter((one) => !taken.includes(one) && !isOne(one));
    const under = below.filter((one) => !taken.includes(one) && !isPlain(one));
    const plainUnder = below.filter((one) => isPlain(one));
    const product = [...rest.map(copied), tabled(ofV(above), [...ofV(below), ...plainUnder])].reduce((a, b) =>
      builder.add({ op: 'mul', a, b }),
    );
    return under.map(copied).reduce((a, b) => builder.add({ op: 'div', a, b }), product);
  });
  const stores = current.stores.map(({ column, value }) => ({ column, value: copy(value) }));
  return { current: { nodes: builder.nodes, stores }, columns: [...columns, ...more], values };
}

/** What a product is of, and what it is divided by; products that others use too stay whole. */
function factorsOf({ nodes }: Graph, root: NodeId, uses: Uint32Array) {
  const above: NodeId[] = [];
  const below: NodeId[] = [];
  const visit = (id: NodeId, [into, other]: readonly [NodeId[], NodeId[]]): void => {
    const node = nodes[id] as GraphNode;
    if ((node.op !== 'mul' && node.op !== 'div') || (id !== root && (uses[id] as number) > 1)) {
      into.push(id);
      return;
    }
    visit(node.a, [into, other]);
    visit(node.b, node.op === 'mul' ? [into, other] : [other, into]);
  };
  visit(root, [above, below]);
  return { above, below };
}
