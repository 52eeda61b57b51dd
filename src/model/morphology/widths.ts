/** Points without width: a free end may taper to nothing, anywhere else they would cut a cell in two. */
import { malformed } from './malformed.ts';
import { at, type ImportedSection, type Points } from './section.ts';

const SOMA = 1;

/** @throws InvalidModelFileError with the line of a diameter that is negative, or zero where it cannot be */
export function checkWidths(sections: ReadonlyMap<ImportedSection, Points>, file: string): void {
  const drawnAsLines = isSomaWithoutWidth(sections);
  const joints = jointsOf(sections.keys());
  for (const [section, { d, line }] of sections) {
    if (section.type === SOMA && drawnAsLines) continue;
    for (let k = 0; k < d.length; k++) {
      const width = at(d, k);
      if (width > 0) continue;
      if (width < 0) throw malformed(file, at(line, k), `a diameter is negative: ${width}`);
      if (!isFreeEnd(section, k, d, joints.get(section) ?? new Set())) {
        throw malformed(
          file,
          at(line, k),
          'a radius is 0 where the branch goes on; only a free end may taper to nothing',
        );
      }
    }
  }
}

/** The places of each section where others are attached. */
function jointsOf(sections: Iterable<ImportedSection>): Map<ImportedSection, Set<number>> {
  const joints = new Map<ImportedSection, Set<number>>();
  for (const { parent, parentX } of sections) {
    if (parent !== null) joints.set(parent, (joints.get(parent) ?? new Set()).add(parentX));
  }
  return joints;
}

function isFreeEnd(section: ImportedSection, k: number, d: readonly number[], joints: ReadonlySet<number>): boolean {
  const last = d.length - 1;
  if (last === 0) return false;
  if (k === last) return at(d, k - 1) > 0 && !joints.has(1);
  return k === 0 && section.parent === null && at(d, 1) > 0 && !joints.has(0);
}

/** A file may give its soma by several points and no radius at all; NEURON imports that. */
function isSomaWithoutWidth(sections: ReadonlyMap<ImportedSection, Points>): boolean {
  const somas = [...sections].filter(([{ type }]) => type === SOMA);
  // A lone point without radius is no line.
  const widths = somas.flatMap(([{ points }, { d }]) => (points.d.length > 1 ? d : [1]));
  return widths.length > 0 && widths.every((width) => width === 0);
}
