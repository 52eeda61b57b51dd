/**
 * The solve of the cable equation as WebAssembly. The new potential itself is solved for, not its change: what flows along
 * the cable then stands in the matrix alone. Nodes are eliminated in pairs, which share a division; the node that the trees
 * hang on is in their middle.
 */
import { ModuleBuilder } from '../../kernel/wasm/assembler/index.ts';
import type { Circuit } from '../circuit.ts';
import type { Arena } from './arena.ts';
import { eliminateBody, finishBody, prepareBody, publishBody, substituteBody, type TreeLayout } from './tree-bodies.ts';
import { eliminationPairs, hungInTheMiddle, withoutTips } from './tree-order.ts';

export interface TreeParts {
  /** Arranged: a parent may come after its children. */
  readonly circuit: Pick<Circuit, 'nodes' | 'parent' | 'axialA' | 'axialB'>;
  /** mS/cm² by node, added to the diagonal. */
  readonly capacitance: Float64Array;
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  /** By node of the caller: where its potential stands in `v`. */
  readonly places: Int32Array;
  /** Potentials as the caller sees them. */
  readonly seen: Float64Array;
  /** Nodes of the caller whose potentials `publish` brings up to date; all where absent. */
  readonly shown?: Iterable<number>;
  readonly arena: Arena;
  readonly order: 1 | 2;
  /** Whether a node is the caller's, not a copy. */
  readonly real: (node: number) => boolean;
  /** Whether a node without membrane, where it is a tip, need not be solved for: it has its parent's potential. */
  readonly follows: (node: number) => boolean;
  /** Whether products and sums may be rounded together. */
  readonly fused: boolean;
  /**
   * A usual potential (mV), from which others are counted. What goes out of a node along the cable and what comes in at its
   * neighbours are equal up to rounding only: the error is a small conductance to this potential, the same in every step.
   */
  readonly base: number;
}

export interface CompiledTree {
  /** From `rhs` and `d` of the membrane to the solution at the roots; false where some of the caller's are no numbers. */
  eliminate(): boolean;
  /** Moves `v` on, but for tips without membrane; with order 2 puts its change in half a step into `rhs`. */
  substitute(): void;
  /** Copies from `v` to where the caller sees it what each step shows. */
  publish(): void;
  publishAll(): void;
}

export function createCompiledTree(parts: TreeParts): CompiledTree {
  const { arena } = parts;
  const { layout, roots, rows } = laidOut(parts);
  const module = new ModuleBuilder();
  const nothing = { parameters: [], results: [] } as const;
  module.function('eliminate', nothing, (f) => {
    prepareBody(f, layout);
    eliminateBody(f, layout);
  });
  module.function('substitute', nothing, (f) => {
    substituteBody(f, layout);
    if (parts.order === 2) finishBody(f, layout);
  });
  module.function('publish', nothing, (f) => publishBody(f, layout, layout.shown));
  module.function('publishAll', nothing, (f) => publishBody(f, layout, layout.all));
  const compiled = new WebAssembly.Module(module.bytes());
  const { exports } = new WebAssembly.Instance(compiled, { twincell: { memory: arena.memory } });
  const eliminate = exports.eliminate as () => void;
  const judged = roots.filter(parts.real);
  return {
    eliminate() {
      eliminate();
      return judged.every((root) => Number.isFinite(rows[2 * root + 1]));
    },
    substitute: exports.substitute as () => void,
    publish: exports.publish as () => void,
    publishAll: exports.publishAll as () => void,
  };
}

/** Numbers of a node. */
const BYTES = 8;

function laidOut(parts: TreeParts): { layout: TreeLayout; roots: Int32Array; rows: Float64Array } {
  const { circuit, arena, v } = parts;
  const { nodes } = circuit;
  const cut = circuit.parent.map((above, node) => (circuit.axialA[node] === 0 ? -1 : above));
  const like = withoutTips({ nodes, parent: cut }, parts.follows);
  const taken = (node: number): boolean => like[node] === node;
  const { parent, turned } = hungInTheMiddle({ nodes, parent: cut.map((above, node) => (taken(node) ? above : -1)) });
  const pairs = eliminationPairs({ nodes, parent }, taken);
  const roots = Int32Array.from(parent.keys()).filter((node) => taken(node) && (parent[node] as number) < 0);
  // Where a pair has one node, the other is one that stands alone, hung on another one that stands alone.
  const [single, singles] = [nodes, nodes + 1];
  const rows = arena.numbers(2 * (nodes + 3));
  rows.set([1, 0, 1, 0], 2 * single);
  // The new potentials; room for the nodes that stand alone, and for one more where vectors take two.
  const solution = parts.order === 1 ? v : arena.numbers(nodes + 3);
  const steps = pairs.flat().map((node) => (node < 0 ? single : node));
  const above = (node: number): number => (node === single ? singles : (parent[node] as number));
  /** What links a node to its parent: its own term in the parent's row, and the parent's in its own. */
  const link = (node: number): readonly [number, number] => {
    if (node === single) return [0, 0];
    if (turned.has(node)) {
      const child = parent[node] as number;
      return [circuit.axialB[child] as number, circuit.axialA[child] as number];
    }
    return [circuit.axialA[node] as number, circuit.axialB[node] as number];
  };
  const integers = (values: readonly number[]): number => {
    const copy = arena.integers(values.length);
    copy.set(values);
    return copy.byteOffset;
  };
  const column = (values: ArrayLike<number>): number => {
    const copy = arena.numbers(values.length + 1);
    copy.set(values);
    return copy.byteOffset;
  };
  const callers = [...parts.places.keys()];
  const shownOf = (nodes: readonly number[]): TreeLayout['all'] => ({
    table: integers(nodes.flatMap((node) => [BYTES * (like[parts.places[node] as number] as number), BYTES * node])),
    count: nodes.length,
  });
  const axial = axialDiagonal(circuit, taken);
  const layout: TreeLayout = {
    nodes: 1 + Array.from(like.keys()).findLastIndex(taken),
    pairs: pairs.length,
    rows: rows.byteOffset,
    links: integers(steps.flatMap((node) => [2 * BYTES * node, 2 * BYTES * above(node)])),
    places: integers(steps.flatMap((node) => [BYTES * node, BYTES * above(node)])),
    inParent: column(steps.map((node) => link(node)[0])),
    ofParent: column(steps.map((node) => link(node)[1])),
    weights: arena.numbers(steps.length).byteOffset,
    parts: arena.numbers(steps.length).byteOffset,
    roots: roots.length,
    rootLinks: integers([...roots].flatMap((node) => [2 * BYTES * node, BYTES * node])),
    capacitance: column(parts.capacitance),
    axial: column(axial.sum),
    residual: column(axial.rest),
    v: v.byteOffset,
    rhs: parts.rhs.byteOffset,
    d: parts.d.byteOffset,
    solution: solution.byteOffset,
    seen: parts.seen.byteOffset,
    shown: shownOf([...new Set(parts.shown ?? callers)]),
    all: shownOf(callers),
    fused: parts.fused,
    base: parts.base,
  };
  return { layout, roots, rows };
}

/**
 * What axial conductances add to each node's diagonal, and what that lacks of their exact sum. To a tip that is left out no
 * current flows.
 */
function axialDiagonal(
  { nodes, parent, axialA, axialB }: TreeParts['circuit'],
  taken: (node: number) => boolean,
): { readonly sum: Float64Array; readonly rest: Float64Array } {
  const [sum, rest] = [new Float64Array(nodes), new Float64Array(nodes)];
  const subtract = (node: number, value: number): void => {
    const before = sum[node] as number;
    const after = before - value;
    // Knuth's exact sum of two numbers.
    const own = before - after;
    rest[node] = (rest[node] as number) + (before - (after + own)) + (own - value);
    sum[node] = after;
  };
  for (let node = 0; node < nodes; node++) {
    const above = parent[node] as number;
    if (above < 0 || !taken(node)) continue;
    subtract(node, axialB[node] as number);
    subtract(above, axialA[node] as number);
  }
  return { sum, rest };
}
