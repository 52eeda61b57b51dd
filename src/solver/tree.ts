/**
 * The cable equation on a branched cell: a symmetric-in-structure matrix with one off-diagonal pair for each node and its
 * parent, solved by Gaussian elimination from the tips to the root without fill-in (Hines 1984, Int. J. Biomed. Comput.
 * 15:69). Nodes are numbered so that a parent comes before its children.
 */

/** The tree and its constant off-diagonal terms, as NEURON holds them (mS/cm², negative). */
export interface Tree {
  readonly nodes: number;
  /** Parent of each node; -1 for the root, node 0. */
  readonly parent: Int32Array;
  /** Acts on the parent's row. */
  readonly a: Float64Array;
  /** Acts on the node's own row. */
  readonly b: Float64Array;
}

/** Adds the axial currents at potentials `v` to `rhs`, and their slopes to the diagonal `d`. */
export function assembleAxial(tree: Tree, v: Float64Array, rhs: Float64Array, d: Float64Array): void {
  const { nodes, parent, a, b } = tree;
  for (let i = 1; i < nodes; i++) {
    const p = parent[i] as number;
    const dv = (v[p] as number) - (v[i] as number);
    rhs[i] = (rhs[i] as number) - (b[i] as number) * dv;
    rhs[p] = (rhs[p] as number) + (a[i] as number) * dv;
    d[i] = (d[i] as number) - (b[i] as number);
    d[p] = (d[p] as number) - (a[i] as number);
  }
}

/** Solves the system in place: `rhs` becomes the solution, `d` is used up. */
export function solveTree(tree: Tree, rhs: Float64Array, d: Float64Array): void {
  const { nodes, parent, a, b } = tree;
  for (let i = nodes - 1; i > 0; i--) {
    const p = parent[i] as number;
    const factor = (a[i] as number) / (d[i] as number);
    d[p] = (d[p] as number) - factor * (b[i] as number);
    rhs[p] = (rhs[p] as number) - factor * (rhs[i] as number);
  }
  rhs[0] = (rhs[0] as number) / (d[0] as number);
  for (let i = 1; i < nodes; i++) {
    const p = parent[i] as number;
    rhs[i] = ((rhs[i] as number) - (b[i] as number) * (rhs[p] as number)) / (d[i] as number);
  }
}
