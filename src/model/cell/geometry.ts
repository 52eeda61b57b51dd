/** Areas, diameters and the axial terms of the matrix, by node. */
import { InvalidModelFileError } from '../../errors.ts';
import { cylinder, frusta, type Segments } from '../morphology/index.ts';
import type { CellSection } from './sections.ts';
import type { Tree } from './tree.ts';

export interface Geometry {
  /** µm, µm, µm². */
  readonly length: Float64Array;
  readonly diameter: Float64Array;
  readonly area: Float64Array;
  /** mS/cm², negative. */
  readonly axialA: Float64Array;
  readonly axialB: Float64Array;
  /** MΩ; 0 for a root. */
  readonly axialResistance: Float64Array;
}

/** Of a node without membrane (µm²). */
const END_AREA = 100;
/** What NEURON's segments have before their geometry is measured (µm). */
const FIRST_DIAMETER = 500;

export function measure(sections: readonly CellSection[], tree: Tree): Geometry {
  const { nodes, parent, first } = tree;
  const geometry: Geometry = {
    length: new Float64Array(nodes),
    diameter: new Float64Array(nodes),
    area: new Float64Array(nodes).fill(END_AREA),
    axialA: new Float64Array(nodes),
    axialB: new Float64Array(nodes),
    axialResistance: new Float64Array(nodes),
  };
  const inverse = new Float64Array(nodes);
  for (const [index, section] of sections.entries()) {
    const segments = segmentsOf(section);
    const start = first[index] ?? 0;
    for (let i = 0; i < section.nseg; i++) {
      geometry.length[start + i] = section.length / section.nseg;
      geometry.diameter[start + i] = segments.diameter[i] ?? 0;
      geometry.area[start + i] = segments.area[i] ?? 0;
      inverse[start + i] = segments.inverse[i] ?? 0;
    }
    inverse[start + section.nseg] = segments.endInverse;
  }
  const { area, axialA, axialB, axialResistance } = geometry;
  for (let row = 0; row < nodes; row++) {
    const up = parent[row] ?? -1;
    if (up < 0) continue;
    const own = inverse[row] ?? 0;
    axialA[row] = (-1e2 * own) / (area[up] ?? 0);
    axialB[row] = (-1e2 * own) / (area[row] ?? 0);
    axialResistance[row] = 1 / own;
  }
  return geometry;
}

function segmentsOf({ traced, nseg, length, diameter, cable: { Ra } }: CellSection): Segments {
  if (traced === null) return cylinder(length, diameter, nseg, Ra);
  return frusta(traced, nseg, Ra, new Float64Array(nseg).fill(FIRST_DIAMETER));
}

/** @throws InvalidModelFileError where a compartment has no area or no finite resistance to its neighbours */
export function checkMembrane(
  sections: readonly CellSection[],
  tree: Tree,
  { area, axialA, axialB }: Geometry,
  file: string,
): void {
  for (let row = 0; row < tree.nodes; row++) {
    const own = (tree.segment[row] ?? -1) >= 0;
    const sound = (value: number) => value !== 0 && Number.isFinite(value);
    if (!own || (sound(area[row] ?? 0) && sound(axialA[row] ?? 0) && sound(axialB[row] ?? 0))) continue;
    const { name, traced } = sections[tree.section[row] ?? 0] as CellSection;
    throw new InvalidModelFileError(`section ${name} has a compartment without membrane, which cannot be simulated`, {
      file,
      line: traced?.line,
      remedy: 'Give the points of this section a radius above 0, and places of their own.',
    });
  }
}
