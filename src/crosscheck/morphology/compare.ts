/** Two imports of one morphology: the same sections in the same order, the same points, areas and axial resistances? */
import { type BareCell, bareCell } from '../../model/bare.ts';
import type { Morphology } from '../../model/morphology/index.ts';
import type { NeuronMorphology } from './neuron-side.ts';

export interface MorphologyDifference {
  /** What differs: `parent`, `points`, `area`, `axialA`, … */
  readonly what: string;
  /** Where: `dend[3]`, `dend[3](0.5)`, or the whole cell. */
  readonly where: string;
  readonly ours: string;
  readonly neuron: string;
}

export interface MorphologyComparison {
  readonly sections: number;
  readonly points: number;
  readonly compartments: number;
  /** Names, parents, places of attachment, segments, points: everything the same. */
  readonly sameStructure: boolean;
  /** Areas and both axial terms of the matrix have the same bits at every node. */
  readonly bitEqual: boolean;
  /** Largest relative difference of an area, and of an axial term. */
  readonly maxAreaDifference: number;
  readonly maxAxialDifference: number;
  /** The first few. */
  readonly differences: readonly MorphologyDifference[];
}

/** Of NEURON's own areas and resistances; what rounding in another order would explain. */
export const GEOMETRY_TOLERANCE = 1e-12;
const MOST_DIFFERENCES = 10;

/** How both sides divide the sections (µm), and the axial resistivity (Ω·cm). */
export const DISCRETISATION = { segmentLength: 40, Ra: 100 };

export function compareMorphologies(ours: Morphology, neuron: NeuronMorphology): MorphologyComparison {
  const cell = bareCell(ours, DISCRETISATION.segmentLength, DISCRETISATION.Ra);
  const differences = [...structure(ours, cell, neuron)];
  const sameStructure = differences.length === 0;
  const geometry = sameStructure ? compareGeometry(cell, neuron, differences) : UNLIKE;
  return {
    sections: ours.sections.length,
    points: ours.sections.reduce((sum, { x }) => sum + x.length, 0),
    compartments: cell.tree.segment.filter((segment) => segment >= 0).length,
    sameStructure,
    ...geometry,
    differences: differences.slice(0, MOST_DIFFERENCES),
  };
}

const UNLIKE = {
  bitEqual: false,
  maxAreaDifference: Number.POSITIVE_INFINITY,
  maxAxialDifference: Number.POSITIVE_INFINITY,
};

function* structure(ours: Morphology, cell: BareCell, neuron: NeuronMorphology): Generator<MorphologyDifference> {
  const [count, theirs] = [ours.sections.length, neuron.sections.length];
  if (count !== theirs) {
    yield { what: 'number of sections', where: 'the whole cell', ours: `${count}`, neuron: `${theirs}` };
    return;
  }
  let first = 0;
  for (const [index, section] of cell.sections.entries()) {
    const other = neuron.sections[index] as NeuronMorphology['sections'][number];
    const own = { ...section, points: section.traced?.x.length ?? 0 };
    const parentX = section.parent < 0 ? other.parentX : section.parentX;
    for (const what of ['name', 'parent', 'nseg', 'points'] as const) {
      if (own[what] !== other[what]) {
        yield { what, where: section.name, ours: `${own[what]}`, neuron: `${other[what]}` };
      }
    }
    if (parentX !== other.parentX) {
      yield { what: 'parentX', where: section.name, ours: `${parentX}`, neuron: `${other.parentX}` };
    }
    yield* samePoints(section.name, ours.sections[index], neuron, first);
    first += other.points;
  }
  yield* sameNodes(cell, neuron);
}

function* samePoints(
  where: string,
  section: Morphology['sections'][number] | undefined,
  { points }: NeuronMorphology,
  first: number,
): Generator<MorphologyDifference> {
  if (section === undefined) return;
  for (const what of ['x', 'y', 'z', 'diameter', 'arc'] as const) {
    const own = section[what];
    const k = own.findIndex((value: number, index: number) => value !== points[what][first + index]);
    if (k >= 0) yield { what: `${what} of point ${k}`, where, ours: `${own[k]}`, neuron: `${points[what][first + k]}` };
  }
}

function* sameNodes({ tree }: BareCell, { nodes }: NeuronMorphology): Generator<MorphologyDifference> {
  for (const what of ['parent', 'section', 'segment'] as const) {
    const [own, theirs] = [tree[what], nodes[what]];
    if (own.length !== theirs.length) {
      yield { what: 'number of nodes', where: 'the whole cell', ours: `${own.length}`, neuron: `${theirs.length}` };
      return;
    }
    const row = own.findIndex((value, index) => value !== theirs[index]);
    if (row >= 0) yield { what: `${what} of node ${row}`, where: '', ours: `${own[row]}`, neuron: `${theirs[row]}` };
  }
}

function compareGeometry(cell: BareCell, { nodes }: NeuronMorphology, differences: MorphologyDifference[]) {
  const largest = { area: 0, axialA: 0, axialB: 0 };
  let bitEqual = true;
  for (const what of ['area', 'axialA', 'axialB'] as const) {
    for (let row = 0; row < cell.tree.nodes; row++) {
      const [ours, neuron] = [cell.geometry[what][row] ?? 0, nodes[what][row] ?? 0];
      if (Object.is(ours, neuron) || ours === neuron) continue;
      bitEqual = false;
      const relative = relativeDifference(ours, neuron);
      if (relative <= largest[what]) continue;
      largest[what] = relative;
      if (relative > GEOMETRY_TOLERANCE) {
        differences.push({ what, where: placeOf(cell, row), ours: `${ours}`, neuron: `${neuron}` });
      }
    }
  }
  const maxAxialDifference = Math.max(largest.axialA, largest.axialB);
  return { bitEqual, maxAreaDifference: largest.area, maxAxialDifference };
}

function relativeDifference(a: number, b: number): number {
  const relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  return Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative;
}

function placeOf({ sections, tree }: BareCell, row: number): string {
  return `${sections[tree.section[row] ?? 0]?.name}(${tree.x[row]})`;
}
