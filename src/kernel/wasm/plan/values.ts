/** Values of a plan while it is made: an interned graph, each node with how often it can change. */
import { type Libm, libmNamed } from '../../../libm/index.ts';
import type { Intrinsic } from '../../program.ts';
import type { ColumnSource, GraphNode, NodeId, UniformSource } from '../graph.ts';
import { applyBinary, applyCall, applyUnary, type BinaryOp, type UnaryOp } from './arithmetic.ts';

/** What a value depends on: nothing, numbers of the circuit, numbers of the compartment, or what a step changes. */
export const LEVEL = { constant: 0, uniform: 1, column: 2, varying: 3 } as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** Constants are folded with these bits, whatever the machine. */
const LIBM: Libm = libmNamed('glibc');

const COMMUTES = new Set<string>(['add', 'mul', 'min', 'max', 'eq', 'ne', 'and', 'or']);

export class Values {
  readonly nodes: GraphNode[] = [];
  readonly columns: ColumnSource[] = [];
  readonly uniforms: UniformSource[] = [];
  readonly #levels: Level[] = [];
  readonly #known = new Map<string, NodeId>();
  readonly #sources = new Map<string, number>();

  node(id: NodeId): GraphNode {
    return this.nodes[id] as GraphNode;
  }

  level(id: NodeId): Level {
    return this.#levels[id] as Level;
  }

  /** The number, where the node is one. */
  number(id: NodeId): number | null {
    const node = this.node(id);
    return node.op === 'constant' ? node.value : null;
  }

  constant(value: number): NodeId {
    return this.#intern({ op: 'constant', value }, `=${Object.is(value, -0) ? '-0' : value}`, LEVEL.constant);
  }

  column(source: ColumnSource, varies: boolean): NodeId {
    const column = this.columnIndex(source);
    return this.#intern({ op: 'load', column }, `column ${column}`, varies ? LEVEL.varying : LEVEL.column);
  }

  columnIndex(source: ColumnSource): number {
    return this.#index(this.columns, source, 'column');
  }

  uniform(source: UniformSource, varies: boolean): NodeId {
    const index = this.#index(this.uniforms, source, 'uniform');
    return this.#intern({ op: 'uniform', index }, `uniform ${index}`, varies ? LEVEL.varying : LEVEL.uniform);
  }

  unary(op: UnaryOp, a: NodeId): NodeId {
    const x = this.number(a);
    if (x !== null) return this.constant(applyUnary(op, x, LIBM));
    const inner = this.node(a);
    if ((op === 'neg' || op === 'not') && inner.op === op) return inner.a;
    return this.#intern({ op, a }, `${op} ${a}`, this.level(a));
  }

  binary(op: BinaryOp, a: NodeId, b: NodeId): NodeId {
    const x = this.number(a);
    const y = this.number(b);
    if (x !== null && y !== null) return this.constant(applyBinary(op, x, y, LIBM));
    const simple = this.#simplified(op, a, b, x, y);
    if (simple !== null) return simple;
    const [first, second] = COMMUTES.has(op) && a > b ? [b, a] : [a, b];
    const level = Math.max(this.level(a), this.level(b)) as Level;
    return this.#intern({ op, a: first, b: second }, `${op} ${first} ${second}`, level);
  }

  add = (a: NodeId, b: NodeId): NodeId => this.binary('add', a, b);
  sub = (a: NodeId, b: NodeId): NodeId => this.binary('sub', a, b);
  mul = (a: NodeId, b: NodeId): NodeId => this.binary('mul', a, b);
  div = (a: NodeId, b: NodeId): NodeId => this.binary('div', a, b);

  select(mask: NodeId, a: NodeId, b: NodeId): NodeId {
    const known = this.number(mask);
    if (known !== null) return known !== 0 ? a : b;
    if (a === b) return a;
    const condition = this.node(mask);
    if (condition.op === 'not') return this.select(condition.a, b, a);
    const level = Math.max(this.level(mask), this.level(a), this.level(b)) as Level;
    return this.#intern({ op: 'select', mask, a, b }, `select ${mask} ${a} ${b}`, level);
  }

  /** A function that only a prologue has. */
  call(name: Intrinsic, given: readonly NodeId[]): NodeId {
    const numbers = given.map((one) => this.number(one));
    if (numbers.every((x) => x !== null)) return this.constant(applyCall(name, numbers, LIBM));
    const level = Math.max(...given.map((one) => this.level(one))) as Level;
    return this.#intern({ op: 'call', function: name, arguments: given }, `${name} ${given.join(' ')}`, level);
  }

  /** The same operation on other arguments. */
  rebuilt(id: NodeId, of: (argument: NodeId) => NodeId): NodeId {
    const node = this.node(id);
    switch (node.op) {
      case 'constant':
      case 'uniform':
      case 'load':
        return id;
      case 'call':
        return this.call(node.function, node.arguments.map(of));
      case 'select':
        return this.select(of(node.mask), of(node.a), of(node.b));
      case 'fma':
        return this.add(this.mul(of(node.a), of(node.b)), of(node.c));
      case 'neg':
      case 'abs':
      case 'sqrt':
      case 'floor':
      case 'ceil':
      case 'trunc':
      case 'exp':
      case 'expm1':
      case 'log':
      case 'not':
        return this.unary(node.op, of(node.a));
      default:
        return this.binary(node.op, of(node.a), of(node.b));
    }
  }

  /** What equals `op` of the two without computing it; zeros' signs are not kept. */
  #simplified(op: BinaryOp, a: NodeId, b: NodeId, x: number | null, y: number | null): NodeId | null {
    switch (op) {
      case 'add':
        if (x === 0) return b;
        return y === 0 ? a : (this.#lessNegated(a, b) ?? this.#lessNegated(b, a));
      case 'sub': {
        if (a === b) return this.constant(0);
        if (y === 0) return a;
        const second = this.node(b);
        if (second.op === 'neg') return this.binary('add', a, second.a);
        return x === 0 ? this.unary('neg', b) : null;
      }
      case 'mul':
        if (x === 0 || y === 0) return this.constant(0);
        if (x === 1) return b;
        if (y === 1) return a;
        if (x === -1) return this.unary('neg', b);
        return y === -1 ? this.unary('neg', a) : null;
      case 'div':
        if (x === 0) return a;
        return y === 1 ? a : y === -1 ? this.unary('neg', a) : null;
      case 'and':
        if (x !== null) return x !== 0 ? b : a;
        if (y !== null) return y !== 0 ? a : b;
        return a === b ? a : null;
      case 'or':
        if (x !== null) return x !== 0 ? a : b;
        if (y !== null) return y !== 0 ? b : a;
        return a === b ? a : null;
      case 'eq':
        return this.#nudged(a, b) ?? this.#nudged(b, a);
      default:
        return null;
    }
  }

  /**
   * `x = c` where x is y, moved by a little where y is another number: whether y = c. Mod files step over the points where
   * their rates are 0/0 in this way, one after the other.
   */
  #nudged(moved: NodeId, other: NodeId): NodeId | null {
    const node = this.node(moved);
    const target = this.number(other);
    if (target === null || node.op !== 'select') return null;
    const test = this.node(node.mask);
    if (test.op !== 'eq') return null;
    const [subject, point] =
      this.number(test.b) !== null ? [test.a, this.number(test.b)] : [test.b, this.number(test.a)];
    const step = this.node(node.a);
    if (point === null || subject !== node.b || step.op !== 'add') return null;
    const by = step.a === subject ? this.number(step.b) : step.b === subject ? this.number(step.a) : null;
    if (by === null || point === target || point + by === target) return null;
    return this.binary('eq', subject, other);
  }

  /** a + -b. */
  #lessNegated(a: NodeId, negated: NodeId): NodeId | null {
    const node = this.node(negated);
    return node.op === 'neg' ? this.binary('sub', a, node.a) : null;
  }

  #index<Source>(list: Source[], source: Source, what: string): number {
    const key = `${what} ${JSON.stringify(source)}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const index = list.push(source) - 1;
    this.#sources.set(key, index);
    return index;
  }

  #intern(node: GraphNode, key: string, level: Level): NodeId {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.nodes.push(node) - 1;
    this.#levels.push(level);
    this.#known.set(key, id);
    return id;
  }
}
