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
  /** By node: where in `seen` the caller sees its potential. */
  readonly places: Int32Array;
  readonly seen: Float64Array;
  readonly arena: Arena;
  /** Potential's change in units of the solution: 1 for order 1, 2 for order 2. */
  readonly gain: 1 | 2;
  /** Whether a node is the caller's, not a copy. */
  readonly real: (node: number) => boolean;
}

export interface CompiledTree {
  /** From `rhs` and `d` of the membrane to the solution at the roots; false where some of the caller's are no numbers. Uses `d` up. */
  eliminate(): boolean;
  /** Puts the solution into `rhs`, moves `v` by it and shows it. */
  substitute(): void;
  /** Copies `v` to where the caller sees it. */
  publish(): void;
}

export function createCompiledTree(parts: TreeParts): CompiledTree {
  const { circuit, arena, v, rhs, d } = parts;
  const { nodes } = circuit;
  const { order, roots, realRoots } = levelOrder(circuit, parts.real);
  const constant = axialDiagonal(circuit).map((axial, node) => axial + (parts.capacitance[node] as number));
  const column = (values: Float64Array): number =>
    arena.copy(Float64Array.from(order, (node) => values[node] as number)).byteOffset;
  const offsets = (of: (node: number) => number): number => {
    const out = arena.integers(nodes);
    out.set(order.map((node) => 8 * of(node)));
    return out.byteOffset;
  };
  const layout: Layout = {
    nodes,
    roots,
    node: offsets((node) => node),
    parent: offsets((node) => Math.max(0, circuit.parent[node] as number)),
    places: offsets((node) => parts.places[node] as number),
    a: column(circuit.axialA),
    b: column(circuit.axialB),
    constant: column(constant),
    v: v.byteOffset,
    rhs: rhs.byteOffset,
    d: d.byteOffset,
    seen: parts.seen.byteOffset,
    gain: parts.gain,
  };
  const module = new WebAssembly.Module(treeModule(layout));
  const { exports } = new WebAssembly.Instance(module, { twincell: { memory: arena.memory } });
  const eliminate = exports.eliminate as () => void;
  const first = order.subarray(0, realRoots);
  return {
    eliminate() {
      eliminate();
      for (let k = 0; k < first.length; k++) if (!Number.isFinite(rhs[first[k] as number])) return false;
      return true;
    },
    substitute: exports.substitute as () => void,
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

/** Byte addresses of arrays; `node`, `parent` and `places` are tables of byte offsets into arrays of numbers. */
interface Layout {
  readonly nodes: number;
  readonly roots: number;
  /** In level order. */
  readonly node: number;
  readonly parent: number;
  readonly places: number;
  readonly a: number;
  readonly b: number;
  readonly constant: number;
  /** By node. */
  readonly v: number;
  readonly rhs: number;
  readonly d: number;
  /** In the caller's order. */
  readonly seen: number;
  readonly gain: number;
}

function treeModule(layout: Layout): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const nothing = { parameters: [], results: [] } as const;
  module.function('eliminate', nothing, (f) => eliminateBody(f, layout));
  module.function('substitute', nothing, (f) => substituteBody(f, layout));
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

/** Axial currents into both ends and elimination, from the tips; leaves 1/diagonal in all but the roots, which it solves. */
function eliminateBody(f: FunctionBody, at: Layout): void {
  const [k, i, p] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const [dv, right, factor, inverse] = [f.local('f64'), f.local('f64'), f.local('f64'), f.local('f64')];
  downwards(f, k, at.roots, at.nodes, () => {
    lookUp(f, at.node, k, i);
    lookUp(f, at.parent, k, p);
    f.f64(1);
    load(f, at.d, i);
    load(f, at.constant, k);
    f.op('f64.add');
    f.op('f64.div');
    f.set(inverse);
    store(f, at.d, i, () => f.get(inverse));
    load(f, at.v, p);
    load(f, at.v, i);
    f.op('f64.sub');
    f.set(dv);
    load(f, at.rhs, i);
    load(f, at.b, k);
    f.get(dv);
    f.op('f64.mul');
    f.op('f64.sub');
    f.set(right);
    store(f, at.rhs, i, () => f.get(right));
    load(f, at.a, k);
    f.get(inverse);
    f.op('f64.mul');
    f.set(factor);
    store(f, at.d, p, () => {
      load(f, at.d, p);
      f.get(factor);
      load(f, at.b, k);
      f.op('f64.mul');
      f.op('f64.sub');
    });
    store(f, at.rhs, p, () => {
      load(f, at.rhs, p);
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
  upwards(f, k, 0, at.roots, () => {
    lookUp(f, at.node, k, i);
    store(f, at.rhs, i, () => {
      load(f, at.rhs, i);
      load(f, at.d, i);
      load(f, at.constant, k);
      f.op('f64.add');
      f.op('f64.div');
    });
  });
}

/** From the roots outwards; moves the potential as each node's solution is known. */
function substituteBody(f: FunctionBody, at: Layout): void {
  const [k, i, p, place] = [f.local('i32'), f.local('i32'), f.local('i32'), f.local('i32')];
  const [x, moved] = [f.local('f64'), f.local('f64')];
  const move = (): void => {
    load(f, at.v, i);
    f.get(x);
    if (at.gain !== 1) {
      f.f64(at.gain);
      f.op('f64.mul');
    }
    f.op('f64.add');
    f.set(moved);
    store(f, at.v, i, () => f.get(moved));
    lookUp(f, at.places, k, place);
    store(f, at.seen, place, () => f.get(moved));
  };
  upwards(f, k, 0, at.roots, () => {
    lookUp(f, at.node, k, i);
    load(f, at.rhs, i);
    f.set(x);
    move();
  });
  upwards(f, k, at.roots, at.nodes, () => {
    lookUp(f, at.node, k, i);
    lookUp(f, at.parent, k, p);
    load(f, at.rhs, i);
    load(f, at.b, k);
    load(f, at.rhs, p);
    f.op('f64.mul');
    f.op('f64.sub');
    load(f, at.d, i);
    f.op('f64.mul');
    f.set(x);
    store(f, at.rhs, i, () => f.get(x));
    move();
  });
}

function publishBody(f: FunctionBody, at: Layout): void {
  const [k, i, place] = [f.local('i32'), f.local('i32'), f.local('i32')];
  upwards(f, k, 0, at.nodes, () => {
    lookUp(f, at.node, k, i);
    lookUp(f, at.places, k, place);
    store(f, at.seen, place, () => load(f, at.v, i));
  });
}
