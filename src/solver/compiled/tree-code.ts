/**
 * The solve of the cable equation as WebAssembly. Nodes go by their distance from the root, those of one distance after each
 * other, so that one need not wait for the next; everything constant is added up beforehand.
 */
import { type FunctionBody, ModuleBuilder } from '../../kernel/wasm/assembler/index.ts';
import type { Circuit } from '../circuit.ts';
import type { Arena } from './arena.ts';

export interface TreeParts {
  /** Arranged: a parent may come after its children. */
  readonly circuit: Circuit;
  /** mS/cm² by node, added to the diagonal. */
  readonly capacitance: Float64Array;
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  /** By the caller's node: the potential as the caller sees it, and where that node stands in `v`. */
  readonly seen: Float64Array;
  readonly places: Int32Array;
  readonly arena: Arena;
  /** Potential's change over half a step, in units of the solution: 1 for order 1, 2 for order 2. */
  readonly gain: 1 | 2;
  /** Whether a node is in a tree of the caller's. */
  readonly real: (node: number) => boolean;
}

export interface CompiledTree {
  /** From `rhs` and `d` of the membrane to the solution, which waits; false where some of the caller's roots are no numbers. */
  solve(): boolean;
  /** Puts the solution into `rhs` and moves `v` by it. */
  update(): void;
  /** Copies `v` to where the caller sees it. */
  publish(): void;
}

export function createCompiledTree(parts: TreeParts): CompiledTree {
  const { circuit, arena, v, rhs, d } = parts;
  const { nodes } = circuit;
  const { order, roots, realRoots } = levelOrder(circuit, parts.real);
  const place = new Int32Array(nodes);
  for (const [k, node] of order.entries()) place[node] = k;
  const constant = axialDiagonal(circuit).map((axial, node) => axial + (parts.capacitance[node] as number));
  const column = (values: Float64Array): Float64Array =>
    arena.copy(Float64Array.from(order, (node) => values[node] as number));
  const bytes = (values: Int32Array): Int32Array => {
    const out = arena.integers(values.length);
    out.set(values.map((value) => 8 * value));
    return out;
  };
  const solution = arena.numbers(nodes);
  const layout: Layout = {
    nodes,
    roots,
    seenNodes: parts.places.length,
    node: bytes(order).byteOffset,
    parent: bytes(order.map((node) => place[circuit.parent[node] as number] ?? 0)).byteOffset,
    a: column(circuit.axialA).byteOffset,
    b: column(circuit.axialB).byteOffset,
    constant: column(constant).byteOffset,
    diagonal: arena.numbers(nodes).byteOffset,
    solution: solution.byteOffset,
    before: arena.numbers(nodes).byteOffset,
    v: v.byteOffset,
    rhs: rhs.byteOffset,
    d: d.byteOffset,
    seen: parts.seen.byteOffset,
    places: bytes(parts.places).byteOffset,
    gain: parts.gain,
  };
  const module = new WebAssembly.Module(treeModule(layout));
  const { exports } = new WebAssembly.Instance(module, { twincell: { memory: arena.memory } });
  const solve = exports.solve as () => void;
  return {
    solve() {
      solve();
      for (let root = 0; root < realRoots; root++) if (!Number.isFinite(solution[root])) return false;
      return true;
    },
    update: exports.update as () => void,
    publish: exports.publish as () => void,
  };
}

/** Nodes by distance from their root, the caller's roots first; those with one parent together. */
export function levelOrder(
  { nodes, parent }: Pick<Circuit, 'nodes' | 'parent'>,
  real: (node: number) => boolean,
): { readonly order: Int32Array; readonly roots: number; readonly realRoots: number } {
  const children: number[][] = Array.from({ length: nodes }, () => []);
  const roots: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const above = parent[node] as number;
    if (above < 0) roots.push(node);
    else children[above]?.push(node);
  }
  const first = roots.filter(real);
  const order = [...first, ...roots.filter((root) => !real(root))];
  for (let k = 0; k < order.length; k++) order.push(...(children[order[k] as number] ?? []));
  return { order: Int32Array.from(order), roots: roots.length, realRoots: first.length };
}

/** What axial conductances add to each node's diagonal. */
function axialDiagonal({ nodes, parent, axialA, axialB }: Circuit): Float64Array {
  const diagonal = new Float64Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const above = parent[node] as number;
    if (above < 0) continue;
    diagonal[node] = (diagonal[node] as number) - (axialB[node] as number);
    diagonal[above] = (diagonal[above] as number) - (axialA[node] as number);
  }
  return diagonal;
}

/** Byte addresses; `node`, `parent` and `places` hold byte offsets into arrays of numbers. */
interface Layout {
  readonly nodes: number;
  readonly roots: number;
  readonly seenNodes: number;
  readonly node: number;
  readonly parent: number;
  readonly a: number;
  readonly b: number;
  readonly constant: number;
  readonly diagonal: number;
  readonly solution: number;
  readonly before: number;
  readonly v: number;
  readonly rhs: number;
  readonly d: number;
  readonly seen: number;
  readonly places: number;
  readonly gain: number;
}

/** The module; it exports `solve`, `update` and `publish`. */
export function treeModule(layout: Layout): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const nothing = { parameters: [], results: [] } as const;
  module.function('solve', nothing, (f) => solveBody(f, layout));
  module.function('update', nothing, (f) => updateBody(f, layout));
  module.function('publish', nothing, (f) => publishBody(f, layout));
  return module.bytes();
}

/** Runs `build` with `k`, a byte offset into arrays of numbers, from `first` to below `last`, both counted in numbers. */
function upwards(f: FunctionBody, k: number, first: number, last: number, build: () => void): void {
  if (last <= first) return;
  f.i32(8 * first);
  f.set(k);
  f.loop(() => {
    build();
    f.get(k);
    f.i32(8);
    f.op('i32.add');
    f.tee(k);
    f.i32(8 * last);
    f.op('i32.lt_u');
    f.branchIf(0);
  });
}

/** From below `last` down to `first`. */
function downwards(f: FunctionBody, k: number, first: number, last: number, build: () => void): void {
  if (last <= first) return;
  f.i32(8 * last);
  f.set(k);
  f.loop(() => {
    f.get(k);
    f.i32(8);
    f.op('i32.sub');
    f.set(k);
    build();
    f.get(k);
    f.i32(8 * first);
    f.op('i32.gt_s');
    f.branchIf(0);
  });
}

/** The number at `array` + `offset` on the stack. */
function load(f: FunctionBody, array: number, offset: number): void {
  f.get(offset);
  f.memory('f64.load', array);
}

/** Puts what `value` leaves on the stack at `array` + `offset`. */
function store(f: FunctionBody, array: number, offset: number, value: () => void): void {
  f.get(offset);
  value();
  f.memory('f64.store', array);
}

/** The byte offset that the k-th entry of a table of integers holds; `k` is 8 times the entry's number. */
function lookUp(f: FunctionBody, table: number, k: number, into: number): void {
  f.get(k);
  f.i32(1);
  f.op('i32.shr_u');
  f.memory('i32.load', table);
  f.set(into);
}

function solveBody(f: FunctionBody, at: Layout): void {
  const k = f.local('i32');
  const p = f.local('i32');
  upwards(f, k, 0, at.nodes, () => {
    lookUp(f, at.node, k, p);
    store(f, at.diagonal, k, () => {
      load(f, at.d, p);
      load(f, at.constant, k);
      f.op('f64.add');
    });
    store(f, at.solution, k, () => load(f, at.rhs, p));
    store(f, at.before, k, () => load(f, at.v, p));
  });
  eliminate(f, at, k, p);
  upwards(f, k, 0, at.roots, () => {
    store(f, at.solution, k, () => {
      load(f, at.solution, k);
      load(f, at.diagonal, k);
      f.op('f64.div');
    });
  });
  upwards(f, k, at.roots, at.nodes, () => {
    lookUp(f, at.parent, k, p);
    store(f, at.solution, k, () => {
      load(f, at.solution, k);
      load(f, at.b, k);
      load(f, at.solution, p);
      f.op('f64.mul');
      f.op('f64.sub');
      load(f, at.diagonal, k);
      f.op('f64.mul');
    });
  });
}

/** Axial currents into both ends and elimination, from the tips; leaves 1/diagonal in all but the roots. */
function eliminate(f: FunctionBody, at: Layout, k: number, p: number): void {
  const [dv, right, factor, inverse] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64')];
  downwards(f, k, at.roots, at.nodes, () => {
    lookUp(f, at.parent, k, p);
    load(f, at.before, p);
    load(f, at.before, k);
    f.op('f64.sub');
    f.set(dv);
    load(f, at.solution, k);
    load(f, at.b, k);
    f.get(dv);
    f.op('f64.mul');
    f.op('f64.sub');
    f.set(right);
    store(f, at.solution, k, () => f.get(right));
    f.f64(1);
    load(f, at.diagonal, k);
    f.op('f64.div');
    f.set(inverse);
    store(f, at.diagonal, k, () => f.get(inverse));
    load(f, at.a, k);
    f.get(inverse);
    f.op('f64.mul');
    f.set(factor);
    store(f, at.diagonal, p, () => {
      load(f, at.diagonal, p);
      f.get(factor);
      load(f, at.b, k);
      f.op('f64.mul');
      f.op('f64.sub');
    });
    store(f, at.solution, p, () => {
      load(f, at.solution, p);
      load(f, at.a, k);
      f.get(dv);
      f.op('f64.mul');
      f.op('f64.add');
      f.get(factor);
      f.get(right);
      f.op('f64.mul');
      f.op('f64.sub');
    });
  });
}

function updateBody(f: FunctionBody, at: Layout): void {
  const k = f.local('i32');
  const p = f.local('i32');
  upwards(f, k, 0, at.nodes, () => {
    lookUp(f, at.node, k, p);
    store(f, at.rhs, p, () => load(f, at.solution, k));
    store(f, at.v, p, () => {
      load(f, at.before, k);
      if (at.gain !== 1) f.f64(at.gain);
      load(f, at.solution, k);
      if (at.gain !== 1) f.op('f64.mul');
      f.op('f64.add');
    });
  });
}

function publishBody(f: FunctionBody, at: Layout): void {
  const k = f.local('i32');
  const p = f.local('i32');
  upwards(f, k, 0, at.seenNodes, () => {
    lookUp(f, at.places, k, p);
    store(f, at.seen, k, () => load(f, at.v, p));
  });
}
