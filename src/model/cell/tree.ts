/** The nodes of a cell in NEURON's order: roots first, then sections breadth-first, each with its segments and its far end. */
import type { CellSection, CellSections } from './sections.ts';

export interface Tree {
  readonly nodes: number;
  /** Row of the parent node, -1 for a root. */
  readonly parent: Int32Array;
  /** Index of each row's section. */
  readonly section: Int32Array;
  /** Segment within the section from 0; -1 for roots and far ends. */
  readonly segment: Int32Array;
  /** Position along the section, 0 to 1. */
  readonly x: Float64Array;
  /** By section: row of its first segment. */
  readonly first: Int32Array;
  /** By section: place in the breadth-first order. */
  readonly order: Int32Array;
}

export function buildTree(cell: CellSections): Tree {
  const { sections } = cell;
  const children = childrenOf(cell);
  const roots = sections.flatMap(({ parent }, index) => (parent < 0 ? [index] : []));
  const nodes = roots.length + sections.reduce((sum, { nseg }) => sum + nseg + 1, 0);
  const tree: Tree = {
    nodes,
    parent: new Int32Array(nodes).fill(-1),
    section: new Int32Array(nodes),
    segment: new Int32Array(nodes).fill(-1),
    x: new Float64Array(nodes),
    first: new Int32Array(sections.length),
    order: new Int32Array(sections.length),
  };
  let row = roots.length;
  let place = 0;
  for (const [rootRow, root] of roots.entries()) {
    tree.section[rootRow] = root;
    const queue = [root];
    for (let k = 0; k < queue.length; k++) {
      const index = queue[k] as number;
      queue.push(...(children[index] ?? []));
      tree.order[index] = place++;
      tree.first[index] = row;
      const { parent, parentX } = sections[index] as CellSection;
      const attached = parent < 0 ? rootRow : rowAt(sections, tree, parent, parentX);
      row = addNodes(tree, sections[index] as CellSection, index, row, attached);
    }
  }
  return tree;
}

/** Writes a section's nodes from `row` on; returns the next free row. */
function addNodes(tree: Tree, { nseg }: CellSection, index: number, row: number, attached: number): number {
  for (let i = 0; i <= nseg; i++) {
    tree.parent[row + i] = i === 0 ? attached : row + i - 1;
    tree.section[row + i] = index;
    tree.segment[row + i] = i === nseg ? -1 : i;
    tree.x[row + i] = i === nseg ? 1 : (i + 0.5) / nseg;
  }
  return row + nseg + 1;
}

/** By section, what hangs on it: along the section, and at one place the one connected last first. */
function childrenOf({ sections, connected }: CellSections): number[][] {
  const children: number[][] = sections.map(() => []);
  for (const index of connected) {
    const { parent, parentX } = sections[index] as CellSection;
    const siblings = children[parent];
    if (siblings === undefined) continue;
    const after = siblings.findIndex((other) => parentX <= (sections[other] as CellSection).parentX);
    siblings.splice(after < 0 ? siblings.length : after, 0, index);
  }
  return children;
}

/** Row of the node at position `x` of a section that already has its rows: its beginning is the node it is attached to. */
export function rowAt(sections: readonly CellSection[], { first, parent }: Tree, index: number, x: number): number {
  const { nseg } = sections[index] as CellSection;
  const start = first[index] ?? 0;
  if (x === 0) return parent[start] ?? -1;
  if (x === 1) return start + nseg;
  return start + Math.min(Math.trunc(nseg * x), nseg - 1);
}
