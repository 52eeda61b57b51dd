/** The loops of the solve. */
import type { FunctionBody } from '../../kernel/wasm/assembler/index.ts';

/** Byte addresses of arrays. A row is two numbers: a node's diagonal and its right-hand side. */
export interface TreeLayout {
  /** Without those at the end that are left out. */
  readonly nodes: number;
  readonly pairs: number;
  readonly rows: number;
  /** By node of a pair: its offset into rows and its parent's, as two integers. */
  readonly links: number;
  /** By node of a pair: its offset into columns of potentials and its parent's. */
  readonly places: number;
  /** By node of a pair: its term in its parent's row, and its parent's in its own. */
  readonly inParent: number;
  readonly ofParent: number;
  /** By node of a pair, left by elimination: its potential, counted from the base, is `parts` - `weights`·its parent's. */
  readonly weights: number;
  readonly parts: number;
  readonly roots: number;
  /** Their offsets into rows and into columns. */
  readonly rootLinks: number;
  /** By node. */
  readonly capacitance: number;
  readonly axial: number;
  /** What `axial` lacks for the links' terms to add up to 0 in each row. */
  readonly residual: number;
  readonly v: number;
  readonly rhs: number;
  readonly d: number;
  /** Potentials that are solved for: `v` itself with order 1, those at the middle of the step with order 2. */
  readonly solution: number;
  readonly seen: number;
  /** What each step shows, and everything: pairs of integers, offsets into `v` and into `seen`. */
  readonly shown: { readonly table: number; readonly count: number };
  readonly all: { readonly table: number; readonly count: number };
  readonly fused: boolean;
  /** Potentials are counted from here (mV). */
  readonly base: number;
}

const ROW = 16;
/** Where a row's right-hand side stands. */
const RIGHT = 8;
const PAIR = 16;

interface Turns {
  readonly count: number;
  /** Bytes from one to the next. */
  readonly stride: number;
  /** So many in each turn of the loop. */
  readonly together: number;
}

/** Code for the offset in local `at` plus a number of bytes. */
type Build = (at: number, plus: number) => void;

function upwards(f: FunctionBody, { count, stride, together }: Turns, build: Build): void {
  const at = f.local('i32');
  const turns = Math.floor(count / together);
  f.i32(0);
  f.set(at);
  if (turns > 0) {
    f.loop(() => {
      for (let k = 0; k < together; k++) build(at, k * stride);
      f.get(at);
      f.i32(stride * together);
      f.op('i32.add');
      f.tee(at);
      f.i32(stride * together * turns);
      f.op('i32.lt_u');
      f.branchIf(0);
    });
  }
  for (let k = 0; k < count - turns * together; k++) build(at, k * stride);
}

/** From the last to the first. */
function downwards(f: FunctionBody, { count, stride, together }: Turns, build: Build): void {
  const at = f.local('i32');
  const turns = Math.floor(count / together);
  f.i32(stride * together * turns);
  f.set(at);
  for (let k = count - turns * together - 1; k >= 0; k--) build(at, k * stride);
  if (turns === 0) return;
  f.loop(() => {
    f.get(at);
    f.i32(stride * together);
    f.op('i32.sub');
    f.set(at);
    for (let k = together - 1; k >= 0; k--) build(at, k * stride);
    f.get(at);
    f.branchIf(0);
  });
}

/** Two numbers that follow each other, on the stack. */
function vector(f: FunctionBody, array: number, at: number, plus: number): void {
  f.get(at);
  f.memory('v128.load', array + plus);
}

/** The integer at a place of a table, into a local. */
function lookUp(f: FunctionBody, table: number, at: number, into: number): void {
  f.get(at);
  f.memory('i32.load', table);
  f.set(into);
}

/** a·b + c of what the three leave on the stack. */
function multiplyAdd(f: FunctionBody, fused: boolean, a: () => void, b: () => void, c: () => void): void {
  a();
  b();
  if (!fused) f.op('f64x2.mul');
  c();
  f.op(fused ? 'f64x2.relaxed_madd' : 'f64x2.add');
}

/** c - a·b. */
function multiplySubtract(f: FunctionBody, fused: boolean, a: () => void, b: () => void, c: () => void): void {
  if (fused) {
    a();
    b();
    c();
    f.op('f64x2.relaxed_nmadd');
    return;
  }
  c();
  a();
  b();
  f.op('f64x2.mul');
  f.op('f64x2.sub');
}

/** A local with the base in both lanes: a literal in a loop costs more. */
function baseOf(f: FunctionBody, { base }: TreeLayout): number {
  const local = f.local('v128');
  f.f64x2(base);
  f.set(local);
  return local;
}

/** Rows from the membrane's conductances and currents. */
export function prepareBody(f: FunctionBody, layout: TreeLayout): void {
  const [own, diagonal, right, row] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('i32')];
  const base = baseOf(f, layout);
  upwards(f, { count: Math.ceil(layout.nodes / 2), stride: PAIR, together: 1 }, (at, plus) => {
    const of = (array: number) => () => vector(f, array, at, plus);
    const above = (): void => {
      of(layout.v)();
      f.get(base);
      f.op('f64x2.sub');
    };
    of(layout.d)();
    of(layout.capacitance)();
    f.op('f64x2.add');
    of(layout.axial)();
    f.op('f64x2.add');
    f.tee(diagonal);
    // The part of the membrane that is in the diagonal once that is rounded.
    of(layout.axial)();
    f.op('f64x2.sub');
    of(layout.residual)();
    f.op('f64x2.sub');
    f.set(own);
    multiplyAdd(f, layout.fused, () => f.get(own), above, of(layout.rhs));
    f.set(right);
    f.get(at);
    f.i32(1);
    f.op('i32.shl');
    f.set(row);
    for (const lane of [0, 1] as const) {
      f.get(row);
      f.get(diagonal);
      f.get(right);
      f.shuffle(lane, lane === 0 ? 2 : 3);
      f.memory('v128.store', layout.rows + 2 * plus + ROW * lane);
    }
  });
}

/** From the tips to the roots, which it solves. */
export function eliminateBody(f: FunctionBody, layout: TreeLayout): void {
  const { rows, links } = layout;
  const nodes = [f.local('i32'), f.local('i32')] as const;
  const parents = [f.local('i32'), f.local('i32')] as const;
  const own = [f.local('v128'), f.local('v128')] as const;
  const [inverse, weights, parts] = [f.local('v128'), f.local('v128'), f.local('v128')];
  const one = f.local('v128');
  f.f64x2(1);
  f.set(one);
  upwards(f, { count: layout.pairs, stride: PAIR, together: 1 }, (at, plus) => {
    for (const k of [0, 1] as const) {
      lookUp(f, links + plus + 8 * k, at, nodes[k]);
      lookUp(f, links + plus + 8 * k + 4, at, parents[k]);
      f.get(nodes[k]);
      f.memory('v128.load', rows);
      f.set(own[k]);
    }
    const ofBoth = (lane: 0 | 1): void => {
      f.get(own[0]);
      f.get(own[1]);
      f.shuffle(lane, lane === 0 ? 2 : 3);
    };
    f.get(one);
    ofBoth(0);
    f.op('f64x2.div');
    f.set(inverse);
    const keep = (array: number, into: number, factor: () => void): void => {
      f.get(at);
      f.get(inverse);
      factor();
      f.op('f64x2.mul');
      f.tee(into);
      f.memory('v128.store', array + plus);
    };
    keep(layout.weights, weights, () => vector(f, layout.ofParent, at, plus));
    keep(layout.parts, parts, () => ofBoth(1));
    for (const k of [0, 1] as const) {
      f.get(parents[k]);
      multiplySubtract(
        f,
        layout.fused,
        () => {
          f.get(weights);
          f.get(parts);
          f.shuffle(k, k === 0 ? 2 : 3);
        },
        () => {
          f.get(at);
          f.memory('v128.load64_splat', layout.inParent + plus + 8 * k);
        },
        () => {
          f.get(parents[k]);
          f.memory('v128.load', rows);
        },
      );
      f.memory('v128.store', rows);
    }
  });
  const row = f.local('i32');
  upwards(f, { count: layout.roots, stride: 8, together: 1 }, (at, plus) => {
    lookUp(f, layout.rootLinks + plus, at, row);
    f.get(row);
    f.get(row);
    f.memory('f64.load', rows + RIGHT);
    f.get(row);
    f.memory('f64.load', rows);
    f.op('f64.div');
    f.memory('f64.store', rows + RIGHT);
  });
}

/** From the roots outwards. */
export function substituteBody(f: FunctionBody, layout: TreeLayout): void {
  const { places, solution } = layout;
  const nodes = [f.local('i32'), f.local('i32')] as const;
  const [first, second, above] = [f.local('i32'), f.local('i32'), f.local('v128')];
  const found = f.local('v128');
  const [row, place] = [f.local('i32'), f.local('i32')];
  upwards(f, { count: layout.roots, stride: 8, together: 1 }, (at, plus) => {
    lookUp(f, layout.rootLinks + plus, at, row);
    lookUp(f, layout.rootLinks + plus + 4, at, place);
    f.get(place);
    f.get(row);
    f.memory('f64.load', layout.rows + RIGHT);
    f.f64(layout.base);
    f.op('f64.add');
    f.memory('f64.store', solution);
  });
  const base = baseOf(f, layout);
  downwards(f, { count: layout.pairs, stride: PAIR, together: 1 }, (at, plus) => {
    for (const k of [0, 1] as const) {
      lookUp(f, places + plus + 8 * k, at, nodes[k]);
      lookUp(f, places + plus + 8 * k + 4, at, k === 0 ? first : second);
    }
    f.get(second);
    f.get(first);
    f.memory('v128.load64_splat', solution);
    f.laneMemory('v128.load64_lane', 1, solution);
    f.get(base);
    f.op('f64x2.sub');
    f.set(above);
    multiplySubtract(
      f,
      layout.fused,
      () => vector(f, layout.weights, at, plus),
      () => f.get(above),
      () => vector(f, layout.parts, at, plus),
    );
    f.get(base);
    f.op('f64x2.add');
    f.set(found);
    for (const k of [0, 1] as const) {
      f.get(nodes[k]);
      f.get(found);
      f.laneMemory('v128.store64_lane', k, solution);
    }
  });
}

/** With order 2: from potentials at the middle of the step to those at its end. */
export function finishBody(f: FunctionBody, layout: TreeLayout): void {
  const change = f.local('v128');
  upwards(f, { count: Math.ceil(layout.nodes / 2), stride: PAIR, together: 1 }, (at, plus) => {
    vector(f, layout.solution, at, plus);
    vector(f, layout.v, at, plus);
    f.op('f64x2.sub');
    f.set(change);
    f.get(at);
    f.get(change);
    f.memory('v128.store', layout.rhs + plus);
    f.get(at);
    vector(f, layout.v, at, plus);
    f.get(change);
    f.get(change);
    f.op('f64x2.add');
    f.op('f64x2.add');
    f.memory('v128.store', layout.v + plus);
  });
}

/** Copies potentials to where the caller sees them. */
export function publishBody(f: FunctionBody, { v, seen }: TreeLayout, { table, count }: TreeLayout['shown']): void {
  const [place, target] = [f.local('i32'), f.local('i32')];
  upwards(f, { count, stride: 8, together: 4 }, (at, plus) => {
    lookUp(f, table + plus, at, place);
    lookUp(f, table + plus + 4, at, target);
    f.get(target);
    f.get(place);
    f.memory('f64.load', v);
    f.memory('f64.store', seen);
  });
}
