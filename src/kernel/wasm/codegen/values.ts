/** The values of a graph as vector code: each is written where it is first wanted, for two or four compartments. */
import type { Part, VectorWriter } from '../functions/index.ts';
import { type Graph, type GraphNode, type NodeId, usesOf } from '../graph.ts';
import type { Library } from './library.ts';
import { schedule, type Task } from './schedule.ts';

export interface ValueSource {
  readonly writer: VectorWriter;
  readonly library: Library;
  /** Pairs of compartments that go through the code together. */
  readonly pairs: number;
  constant(value: number): Part;
  uniform(index: number): Part;
  load(column: number, pair: number): Part;
}

export interface ValueWriter {
  /** The value for each pair of compartments. */
  of(id: NodeId): readonly Part[];
  /** Loads what a column holds, if anything wants it, before it is overwritten. */
  secure(column: number): void;
  /** What to compute and to store, one after the other. */
  tasks(): readonly Task[];
}

const SIMPLE = {
  min: 'f64x2.min',
  max: 'f64x2.max',
  lt: 'f64x2.lt',
  le: 'f64x2.le',
  gt: 'f64x2.gt',
  ge: 'f64x2.ge',
  eq: 'f64x2.eq',
  ne: 'f64x2.ne',
  and: 'v128.and',
  or: 'v128.or',
  add: 'f64x2.add',
  sub: 'f64x2.sub',
  mul: 'f64x2.mul',
  div: 'f64x2.div',
} as const;

const UNARY = {
  neg: 'f64x2.neg',
  abs: 'f64x2.abs',
  sqrt: 'f64x2.sqrt',
  floor: 'f64x2.floor',
  ceil: 'f64x2.ceil',
  trunc: 'f64x2.trunc',
  not: 'v128.not',
} as const;

/** @param guard a mask that is wanted beside what is stored */
export function createValues(graph: Graph, source: ValueSource, guard?: NodeId): ValueWriter {
  const { nodes } = graph;
  const uses = usesOf(graph, guard === undefined ? [] : [guard]);
  const loads = new Map<number, NodeId[]>();
  for (const [id, node] of nodes.entries()) {
    if (node.op === 'load' && (uses[id] as number) > 0) loads.set(node.column, [...(loads.get(node.column) ?? []), id]);
  }
  const written = new Map<NodeId, readonly Part[]>();

  const of = (id: NodeId): readonly Part[] => {
    const known = written.get(id);
    if (known !== undefined) return known;
    const parts = partsOf(nodeAt(nodes, id));
    // All pairs of compartments take a step before any takes the next: V8 can join them, and chains of steps overlap.
    const kept = isShared(id) ? parts : parts.map((part) => source.writer.keep(part));
    written.set(id, kept);
    return kept;
  };

  const isShared = (id: NodeId): boolean => {
    const { op } = nodeAt(nodes, id);
    return op === 'constant' || op === 'uniform';
  };

  /** What all pairs share is loaded once for them, each time that it is wanted: kept longer, it would want a register. */
  const operand = (id: NodeId): readonly Part[] => {
    const parts = of(id);
    const [first] = parts;
    if (!isShared(id) || first === undefined || parts.length === 1) return parts;
    const kept = source.writer.keep(first);
    return parts.map(() => kept);
  };

  /** The node, where nothing but the asking node wants it. */
  const only = (id: NodeId): GraphNode | null => ((uses[id] as number) === 1 ? nodeAt(nodes, id) : null);

  const zip = (ids: readonly NodeId[], make: (...parts: Part[]) => Part): Part[] => {
    ids.forEach(of);
    const given = ids.map(operand);
    return Array.from({ length: source.pairs }, (_, pair) => make(...given.map((parts) => parts[pair] as Part)));
  };

  const partsOf = (node: GraphNode): readonly Part[] => {
    const w = source.writer;
    switch (node.op) {
      case 'constant':
        return zip([], () => source.constant(node.value));
      case 'uniform':
        return zip([], () => source.uniform(node.index));
      case 'load':
        return Array.from({ length: source.pairs }, (_, pair) => source.load(node.column, pair));
      case 'add':
        return sumOf(node.a, node.b);
      case 'sub':
        return differenceOf(node.a, node.b);
      case 'fma': {
        const first = only(node.a);
        return first?.op === 'neg'
          ? zip([first.a, node.b, node.c], (a, b, c) => w.fnma(a as Part, b as Part, c as Part))
          : zip([node.a, node.b, node.c], (a, b, c) => w.fma(a as Part, b as Part, c as Part));
      }
      case 'select':
        return zip([node.mask, node.a, node.b], (mask, a, b) => w.select(mask as Part, a as Part, b as Part));
      case 'exp':
      case 'expm1':
      case 'log':
        return source.library.call(
          w.body,
          node.op,
          of(node.a).map((a) => [a]),
        );
      case 'pow': {
        const exponents = of(node.b);
        const pairs = of(node.a).map((a, pair) => [a, exponents[pair] as Part]);
        return source.library.call(w.body, node.op, pairs);
      }
      case 'call':
        throw new RangeError(`No vector code computes ${node.function}: such a call belongs in a plan's prologue.`);
      case 'neg':
      case 'abs':
      case 'sqrt':
      case 'floor':
      case 'ceil':
      case 'trunc':
      case 'not': {
        const parts = zip([node.a], (a) => w.apply(UNARY[node.op], a as Part));
        // What lies between -1 and 0 is truncated to +0.
        return node.op === 'trunc' ? parts.map((part) => w.add(part, w.constant(0))) : parts;
      }
      default:
        return zip([node.a, node.b], (...parts) => w.apply(SIMPLE[node.op], ...parts));
    }
  };

  const sumOf = (a: NodeId, b: NodeId): Part[] => {
    const { fma, add } = source.writer;
    const first = only(a);
    if (first?.op === 'mul') return zip([first.a, first.b, b], (x, y, z) => fma(x as Part, y as Part, z as Part));
    const second = only(b);
    if (second?.op === 'mul') return zip([second.a, second.b, a], (x, y, z) => fma(x as Part, y as Part, z as Part));
    return zip([a, b], (x, y) => add(x as Part, y as Part));
  };

  const differenceOf = (a: NodeId, b: NodeId): Part[] => {
    const { fnma, sub } = source.writer;
    const second = only(b);
    if (second?.op === 'mul') return zip([second.a, second.b, a], (x, y, z) => fnma(x as Part, y as Part, z as Part));
    return zip([a, b], (x, y) => sub(x as Part, y as Part));
  };

  /** Written where it is used: it costs nothing there, or less. */
  const inPlace = (id: NodeId): boolean => {
    const { op } = nodeAt(nodes, id);
    return op === 'constant' || op === 'uniform' || op === 'load' || (uses[id] === 1 && (op === 'mul' || op === 'neg'));
  };

  return {
    of,
    tasks: () => schedule(graph, inPlace),
    secure(column) {
      for (const id of loads.get(column) ?? []) of(id);
    },
  };
}

function nodeAt(nodes: readonly GraphNode[], id: NodeId): GraphNode {
  const node = nodes[id];
  if (node === undefined) throw new RangeError(`A graph of ${nodes.length} nodes has no node ${id}.`);
  return node;
}
