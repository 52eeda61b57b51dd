/** A morphology's cable alone, without a card: its sections, their segments, and what the matrix holds of them. */
import type { Geometry } from './cell/geometry.ts';
import { measure } from './cell/geometry.ts';
import { type CellSection, cellSections } from './cell/sections.ts';
import { buildTree, type Tree } from './cell/tree.ts';
import type { Morphology } from './morphology/index.ts';

export interface BareCell {
  readonly sections: readonly CellSection[];
  readonly tree: Tree;
  readonly geometry: Geometry;
}

/** @param segmentLength nseg = 1 + 2·floor(L / segmentLength) (µm) @param Ra axial resistivity (Ω·cm) */
export function bareCell(morphology: Morphology, segmentLength: number, Ra: number): BareCell {
  const construction = {
    kind: 'morphology',
    source: 'folder',
    morphology: { file: morphology.file },
    axon: 'keep',
    segmentLength,
  } as const;
  const made = cellSections(morphology, construction, () => ({ cm: 1, Ra }));
  const tree = buildTree(made);
  return { sections: made.sections, tree, geometry: measure(made.sections, tree) };
}
