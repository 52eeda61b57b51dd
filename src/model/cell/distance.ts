/** Path distances, added up in the order of NEURON's `distance`. */
import type { CellSection } from './sections.ts';
import { rowAt, type Tree } from './tree.ts';

/** What NEURON says of places that no path joins (µm). */
const NO_PATH = 1e20;

/** A node, and the section by which it is named: the node where a section begins belongs to its parent as well. */
export interface Place {
  readonly section: number;
  readonly row: number;
}

export function placeAt(sections: readonly CellSection[], tree: Tree, section: number, x: number): Place {
  return { section, row: rowAt(sections, tree, section, x) };
}

/** Path distance of two places (µm). */
export function pathDistance(sections: readonly CellSection[], tree: Tree, from: Place, to: Place): number {
  let [a, b] = [from, to];
  let sum = 0;
  while (a.section !== b.section) {
    const climbsFirst =
      b.section < 0 || (a.section >= 0 && (tree.order[a.section] ?? 0) > (tree.order[b.section] ?? 0));
    const way = climbsFirst ? a : b;
    sum += along(sections, tree, way);
    const up = above(sections, tree, way);
    if (climbsFirst) a = up;
    else b = up;
  }
  if (a.row === b.row) return sum;
  if (a.section < 0) return NO_PATH;
  const [x, y] = [along(sections, tree, a), along(sections, tree, b)];
  return x < y ? sum + (y - x) : sum + (x - y);
}

/** From the beginning of its section to a place (µm). */
function along(sections: readonly CellSection[], { first, parent }: Tree, { section, row }: Place): number {
  const { nseg, length } = sections[section] as CellSection;
  const start = first[section] ?? 0;
  if (parent[start] === row) return 0;
  const index = row - start;
  return length * (index === nseg ? 1 : (index + 0.5) / nseg);
}

function above(sections: readonly CellSection[], { first, parent }: Tree, { section }: Place): Place {
  return { section: (sections[section] as CellSection).parent, row: parent[first[section] ?? 0] ?? -1 };
}
