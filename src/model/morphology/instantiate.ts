/** Imported sections become NEURON's: too short ones taken out, names, order of creation, points in single precision. */
import type { SectionType } from '../snapshot.ts';
import { eightDigits } from './eight-digits.ts';
import { malformed } from './malformed.ts';
import { at, type ImportedSection, lineOf, type Points, pointsFrom } from './section.ts';
import { centroidPoints } from './soma-centroid.ts';
import { stackPoints } from './soma-stack.ts';
import { equal } from './tolerance.ts';
import { checkWidths } from './widths.ts';

/** A section as NEURON holds it. */
export interface MorphologySection {
  /** `dend[3]` */
  readonly name: string;
  readonly region: SectionType;
  /** Index of the parent section, -1 for a root. */
  readonly parent: number;
  /** Where on the parent it is attached, 0 to 1; it is always its own 0 that is. */
  readonly parentX: number;
  /** 3-d points (µm), single precision. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  readonly diameter: Float32Array;
  /** Line of the file (from 1) where it begins. */
  readonly line: number;
  /** Distance along the section of each point (µm). */
  readonly arc: Float64Array;
}

export interface Morphology {
  readonly file: string;
  /** In the order NEURON creates them: by type, then by name. */
  readonly sections: readonly MorphologySection[];
  /** The same sections, by index, in the order they are connected. */
  readonly connected: readonly number[];
}

export function instantiate(imported: readonly ImportedSection[], file: string): Morphology {
  const sections = withoutShort(imported).filter(({ subsidiary }) => !subsidiary);
  if (sections.length === 0) throw malformed(file, undefined, 'the file has no sections');
  const { names, created } = named(sections);
  const indexOf = new Map(created.map((section, index) => [section, index]));
  const points = new Map(created.map((section) => [section, pointsOf(section, file)]));
  checkWidths(points, file);
  return {
    file,
    sections: [...points].map(([section, own]) => {
      const parent = section.parent === null ? -1 : (indexOf.get(section.parent) ?? -1);
      return {
        name: names.get(section) ?? '',
        region: regionOf(section.type),
        parent,
        parentX: section.parentX,
        line: lineOf(section),
        ...finished(own),
      };
    }),
    connected: sections.map((section) => indexOf.get(section) ?? -1),
  };
}

/** Takes out sections of one point, and of two at one place, from the last on; what hung on them moves to their parent. */
function withoutShort(imported: readonly ImportedSection[]): ImportedSection[] {
  const kept = [...imported];
  for (let i = kept.length - 1; i >= 0; i--) {
    const section = kept[i] as ImportedSection;
    if (section.parent === null || !isShort(section)) continue;
    kept.splice(i, 1);
    for (const other of kept.slice(i)) {
      if (other.parent !== section) continue;
      other.parent = section.parent;
      other.parentX = section.parentX;
    }
  }
  return kept;
}

function isShort({ points: { x, y, z }, first }: ImportedSection): boolean {
  const count = x.length - first;
  if (count <= 1) return true;
  return count === 2 && [x, y, z].every((values) => equal(at(values, first), at(values, first + 1)));
}

function named(sections: readonly ImportedSection[]) {
  const byType = new Map<number, ImportedSection[]>();
  const names = new Map<ImportedSection, string>();
  for (const section of sections) {
    const alike = byType.get(section.type) ?? [];
    byType.set(section.type, alike);
    names.set(section, `${stemOf(section.type)}[${alike.length}]`);
    alike.push(section);
  }
  const created = [...byType].sort(([a], [b]) => a - b).flatMap(([, alike]) => alike);
  return { names, created };
}

function stemOf(type: number): string {
  const known = new Map([
    [1, 'soma'],
    [2, 'axon'],
    [3, 'dend'],
    [4, 'apic'],
  ]);
  return known.get(type) ?? (type < 0 ? `minus_${-type}` : `dend_${type}`);
}

function regionOf(type: number): SectionType {
  if (type === 1) return 'soma';
  if (type === 2) return 'axon';
  if (type === 4) return 'apical';
  return type < 0 ? 'other' : 'basal';
}

function pointsOf(section: ImportedSection, file: string): Points {
  if (section.contour) return section.stack.length > 0 ? stackPoints(section, file) : centroidPoints(section, file);
  const points = pointsFrom(section.points, section.first);
  return points.d.length === 1 ? sphere(points) : points;
}

/** A lone point is a sphere: a cylinder as long as it is wide. */
function sphere({ x, y, z, d, line }: Points): Points {
  const [at0, width] = [at(x, 0), at(d, 0)];
  const three = (values: readonly number[]) => [at(values, 0), at(values, 0), at(values, 0)];
  return { x: [at0 - width / 2, at0, at0 + width / 2], y: three(y), z: three(z), d: three(d), line: three(line) };
}

/** Through text to single precision, and the distances along them as NEURON adds them up. */
function finished(points: Points) {
  const [x, y, z, diameter] = [points.x, points.y, points.z, points.d].map((values) =>
    Float32Array.from(values, eightDigits),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const arc = new Float64Array(x.length);
  for (let i = 1; i < arc.length; i++) {
    const [dx, dy, dz] = [x, y, z].map((values) => Math.fround(at(values, i) - at(values, i - 1))) as [
      number,
      number,
      number,
    ];
    arc[i] = at(arc, i - 1) + Math.sqrt(dx * dx + dy * dy + dz * dz);
  }
  return { x, y, z, diameter, arc };
}
