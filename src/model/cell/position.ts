/** Where each node lies in space (µm), for drawing; no number of a simulation depends on this. */
import type { CellSection } from './sections.ts';
import type { Tree } from './tree.ts';

export interface Positions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

type Path = {
  readonly arc: ArrayLike<number>;
  readonly points: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
};

export function positionsOf(sections: readonly CellSection[], { nodes, section, x }: Tree): Positions {
  const paths = new Map<number, Path>();
  const positions = { x: new Float64Array(nodes), y: new Float64Array(nodes), z: new Float64Array(nodes) };
  for (let row = 0; row < nodes; row++) {
    const [px, py, pz] = pointOn(sections, paths, section[row] ?? 0, x[row] ?? 0);
    positions.x[row] = px;
    positions.y[row] = py;
    positions.z[row] = pz;
  }
  return positions;
}

function pointOn(
  sections: readonly CellSection[],
  paths: Map<number, Path>,
  index: number,
  x: number,
): [number, number, number] {
  const path = paths.get(index) ?? pathOf(sections, paths, index);
  paths.set(index, path);
  const along = x * (path.arc[path.arc.length - 1] ?? 0);
  return path.points.map((values) => interpolate(along, path.arc, values)) as [number, number, number];
}

/** A cylinder without points goes straight down from where it is attached. */
function pathOf(sections: readonly CellSection[], paths: Map<number, Path>, index: number): Path {
  const { traced, parent, parentX, length } = sections[index] as CellSection;
  if (traced !== null) return { arc: traced.arc, points: [traced.x, traced.y, traced.z] };
  const [x, y, z] = parent < 0 ? [0, 0, 0] : pointOn(sections, paths, parent, parentX);
  return {
    arc: [0, length],
    points: [
      [x, x],
      [y, y - length],
      [z, z],
    ],
  };
}

/** As numpy's interp. */
function interpolate(at: number, known: ArrayLike<number>, values: ArrayLike<number>): number {
  const last = known.length - 1;
  const place = (k: number) => known[k] ?? 0;
  const value = (k: number) => values[k] ?? 0;
  if (at < place(0)) return value(0);
  let [low, high] = [0, last + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (place(middle) <= at) low = middle;
    else high = middle;
  }
  if (low === last || place(low) === at) return value(low);
  const slope = (value(low + 1) - value(low)) / (place(low + 1) - place(low));
  return slope * (at - place(low)) + value(low);
}
