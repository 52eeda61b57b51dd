/**
 * The cable equation on branched cells: a symmetric-in-structure matrix with one off-diagonal pair for each node and its
 * parent, solved by Gaussian elimination from the tips to the roots without fill-in (Hines 1984, Int. J. Biomed. Comput.
 * 15:69). The roots come first, and a parent comes before its children.
 */

/** The trees and their constant off-diagonal terms, as NEURON holds them (mS/cm², negative). */
export interface Tree {
  readonly nodes: number;
  /** Parent of each node; -1 for a root. */
  readonly parent: Int32Array;
  /** Acts on the parent's row. */
  readonly a: Float64Array;
  /** Acts on the node's own row. */
  readonly b: Float64Array;
}

/** Number of trees: the nodes without a parent, which come first. */
export function countRoots({ nodes, parent }: Pick<Tree, 'nodes' | 'parent'>): number {
  let roots = 0;
  while (roots < nodes && (parent[roots] as number) < 0) roots++;
  return roots;
}

/** Adds the axial currents at potentials `v` to `rhs`, and their slopes to the diagonal `d`. */
export function assembleAxial(tree: Tree, v: Float64Array, rhs: Float64Array, d: Float64Array, roots = 1): void {
  const { nodes, parent, a, b } = tree;
  for (let i = roots; i < nodes; i++) {
    const p = parent[i] as number;
    const dv = (v[p] as number) - (v[i] as number);
    rhs[i] = (rhs[i] as number) - (b[i] as number) * dv;
    rhs[p] = (rhs[p] as number) + (a[i] as number) * dv;
    d[i] = (d[i] as number) - (b[i] as number);
    d[p] = (d[p] as number) - (a[i] as number);
  }
}

/** Solves the system in place: `rhs` becomes the solution, `d` is used up. */
export function solveTree(tree: Tree, rhs: Float64Array, d: Float64Array, roots = 1): void {
  const { nodes, parent, a, b } = tree;
  for (let i = nodes - 1; i >= roots; i--) {
    const p = parent[i] as number;
    const factor = (a[i] as number) / (d[i] as number);
    d[p] = (d[p] as number) - factor * (b[i] as number);
    rhs[p] = (rhs[p] as number) - factor * (rhs[i] as number);
  }
  for (let i = 0; i < roots; i++) rhs[i] = (rhs[i] as number) / (d[i] as number);
  for (let i = roots; i < nodes; i++) {
    const p = parent[i] as number;
    rhs[i] = ((rhs[i] as number) - (b[i] as number) * (rhs[p] as number)) / (d[i] as number);
  }
}
