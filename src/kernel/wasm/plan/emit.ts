/** Values to graphs: what no step changes goes to the prologue, products that are added are fused, the rest is left out. */
import type { ColumnSource, CompartmentPlan, Graph, GraphNode, GuardedGraph, NodeId } from '../graph.ts';
import { argumentsOf } from '../graph.ts';
import { LEVEL, type Values } from './values.ts';

export interface Output {
  readonly source: ColumnSource;
  readonly value: NodeId;
}

export interface Emitter {
  /** The graph of a pass; the prologue grows by what it needs. */
  pass(outputs: readonly Output[]): Graph;
  guarded(outputs: readonly Output[], guard: NodeId): GuardedGraph;
  prologue(): CompartmentPlan['prologue'];
}

export function createEmitter(values: Values): Emitter {
  const columns = new Map<NodeId, number>();
  const uniforms = new Map<NodeId, number>();
  /** The node that reads a made number. */
  const made = (id: NodeId): NodeId => {
    const uniform = values.level(id) === LEVEL.uniform;
    const known = uniform ? uniforms : columns;
    const index = known.get(id) ?? known.size;
    known.set(id, index);
    const source = { kind: 'made', index } as const;
    return uniform ? values.uniform(source, false) : values.column(source, false);
  };
  const storesOf = (build: Build, outputs: readonly Output[]): Graph['stores'] =>
    outputs.map(({ source, value }) => ({ column: values.columnIndex(source), value: build.number(value) }));
  return {
    pass(outputs) {
      const roots = outputs.map(({ value }) => value);
      const build = createBuild(values, made, countUses(values, roots));
      return { nodes: build.nodes, stores: storesOf(build, outputs) };
    },
    guarded(outputs, guard) {
      const roots = [guard, ...outputs.map(({ value }) => value)];
      const build = createBuild(values, made, countUses(values, roots));
      const place = build.mask(guard);
      return { nodes: build.nodes, guard: place, stores: storesOf(build, outputs) };
    },
    prologue() {
      const build = createBuild(values, null, new Map());
      const stores = [...columns].map(([id, index]) => ({
        column: values.columnIndex({ kind: 'made', index }),
        value: build.number(id),
      }));
      const uniformStores = [...uniforms].map(([id, index]) => ({ index, value: build.number(id) }));
      return { nodes: build.nodes, stores, uniformStores };
    },
  };
}

/** Numbers as they are, and what is a number of the circuit or compartment without being computed. */
function isPlain(node: GraphNode): boolean {
  return node.op === 'constant' || node.op === 'uniform' || node.op === 'load';
}

/** Not worth a column of its own. */
function isCheap(values: Values, node: GraphNode): boolean {
  return isPlain(node) || (node.op === 'neg' && values.node(node.a).op === 'load');
}

/** How often each value is used by what is computed in a pass. */
function countUses(values: Values, roots: readonly NodeId[]): Map<NodeId, number> {
  const uses = new Map<NodeId, number>();
  const visit = (id: NodeId): void => {
    const before = uses.get(id) ?? 0;
    uses.set(id, before + 1);
    if (before > 0 || values.level(id) < LEVEL.varying) return;
    for (const one of argumentsOf(values.node(id))) visit(one);
  };
  for (const root of roots) visit(root);
  return uses;
}

interface Build {
  readonly nodes: GraphNode[];
  number(id: NodeId): NodeId;
  mask(id: NodeId): NodeId;
}

function createBuild(values: Values, made: ((id: NodeId) => NodeId) | null, uses: ReadonlyMap<NodeId, number>): Build {
  const nodes: GraphNode[] = [];
  const places = new Map<NodeId, NodeId>();
  const put = (node: GraphNode): NodeId => nodes.push(node) - 1;

  /** A condition that no step changes is kept as a number. */
  function mask(id: NodeId): NodeId {
    if (made === null || values.level(id) === LEVEL.varying) return number(id);
    const zero = values.constant(0);
    return number(values.binary('ne', made(values.select(id, values.constant(1), zero)), zero), true);
  }

  function number(id: NodeId, computed = false): NodeId {
    const known = places.get(id);
    if (known !== undefined) return known;
    const node = values.node(id);
    const hoisted = made !== null && !computed && values.level(id) < LEVEL.varying && !isCheap(values, node);
    const place = hoisted ? number(made(id)) : put(isPlain(node) ? node : copy(node));
    places.set(id, place);
    return place;
  }

  function copy(node: GraphNode): GraphNode {
    if (made === null || (node.op !== 'add' && node.op !== 'sub')) return plainCopy(node);
    return fused(node.op, node.a, node.b) ?? plainCopy(node);
  }

  /** A sum of which a part is a product that nothing else uses. */
  function fused(op: 'add' | 'sub', first: NodeId, second: NodeId): GraphNode | null {
    const factors = (id: NodeId): readonly [NodeId, NodeId] | null => {
      const inner = values.node(id);
      const own = inner.op === 'mul' && uses.get(id) === 1 && values.level(id) === LEVEL.varying;
      return own ? [inner.a, inner.b] : null;
    };
    const opposite = (id: NodeId): NodeId => values.unary('neg', id);
    const right = factors(second);
    if (right !== null) {
      const [a, b] = right;
      return { op: 'fma', a: number(op === 'sub' ? opposite(a) : a), b: number(b), c: number(first) };
    }
    const left = factors(first);
    if (left === null) return null;
    const [a, b] = left;
    return { op: 'fma', a: number(a), b: number(b), c: number(op === 'sub' ? opposite(second) : second) };
  }

  function plainCopy(node: GraphNode): GraphNode {
    switch (node.op) {
      case 'constant':
      case 'uniform':
      case 'load':
        return node;
      case 'call':
        return { ...node, arguments: node.arguments.map((one) => number(one)) };
      case 'select':
        return { ...node, mask: mask(node.mask), a: number(node.a), b: number(node.b) };
      case 'fma':
        return { ...node, a: number(node.a), b: number(node.b), c: number(node.c) };
      case 'and':
      case 'or':
        return { ...node, a: mask(node.a), b: mask(node.b) };
      case 'not':
        return { ...node, a: mask(node.a) };
      default:
        return 'b' in node ? { ...node, a: number(node.a), b: number(node.b) } : { ...node, a: number(node.a) };
    }
  }
  return { nodes, number, mask };
}
