/**
 * From the points of an .swc file to unbranched sections, as NEURON's Import3d_SWC_read decides: where a point has children
 * other than the next point, or the type changes, a section ends; the soma has rules of its own.
 */
import { addPoint, at, emptyPoints, type ImportedSection, importedSection } from './section.ts';
import type { SwcPoint } from './swc-points.ts';
import { equal, less } from './tolerance.ts';

const SOMA = 1;

export function swcSections(points: SwcPoint[]): ImportedSection[] {
  const { children, proximal } = countChildren(points);
  const somaChildren = countSomaChildren(points);
  const sphere = isSphere(points, children);
  joinSoma(points, children, somaChildren);
  const sectionOf = numberSections(points, children);
  const sections: ImportedSection[] = [];
  const firsts: number[] = [];
  const work: Work = { points, sectionOf, sections, firsts, somaChildren, proximal, sphere };
  for (let first = 0; first < points.length; ) {
    let end = first + 1;
    while (end < points.length && at(sectionOf, end) === at(sectionOf, first)) end++;
    makeSection(work, first, end);
    first = end;
  }
  return sections;
}

function point(points: readonly SwcPoint[], index: number): SwcPoint {
  return points[index] as SwcPoint;
}

/** NEURON takes the missing parent of a further tree for the first point of all. */
function orFirst(parent: number): number {
  return Math.max(0, parent);
}

interface Children {
  /** Number of children, plus 0.01 for whatever makes a point the end of a section; 1 where the section goes on. */
  readonly children: Float64Array;
  /** Points whose section hangs on the beginning of its parent, not on its end. */
  readonly proximal: Uint8Array;
}

function countChildren(points: readonly SwcPoint[]): Children {
  const children = new Float64Array(points.length);
  const proximal = new Uint8Array(points.length);
  for (const [i, { parent, type }] of points.entries()) {
    if (parent < 0) continue;
    const above = point(points, parent);
    children[parent] = at(children, parent) + 1;
    if (parent !== i - 1) {
      children[parent] = at(children, parent) + 0.01;
      if (beginsAtWire(points, parent)) {
        proximal[i] = 1;
        children[parent] = 1;
      }
    }
    if (above.type !== type) children[parent] = at(children, parent) + 0.01;
  }
  return { children, proximal };
}

/** Whether a branch off this point would leave its section, which starts at a soma or at the root, with no length. */
function beginsAtWire(points: readonly SwcPoint[], index: number): boolean {
  const { type, parent } = point(points, index);
  if (type === SOMA) return false;
  if (index === 0) return true;
  return index > 1 && point(points, orFirst(parent)).type === SOMA;
}

function countSomaChildren(points: readonly SwcPoint[]): Float64Array {
  const counts = new Float64Array(points.length);
  for (const { type, parent } of points.slice(1)) {
    if (type === SOMA && parent >= 0 && point(points, parent).type === SOMA) counts[parent] = at(counts, parent) + 1;
  }
  return counts;
}

/** NeuroMorpho's soma of three points: a middle, and two at the distance of its radius, stands for a sphere. */
function isSphere(points: readonly SwcPoint[], children: Float64Array): boolean {
  const [middle, one, two] = points;
  if (points.filter(({ type }) => type === SOMA).length !== 3) return false;
  if (middle === undefined || one === undefined || two === undefined) return false;
  if (one.parent !== 0 || two.parent !== 0 || !equal(at(children, 1), 0) || !equal(at(children, 2), 0)) return false;
  if (!equal(one.diameter, middle.diameter) || !equal(two.diameter, middle.diameter)) return false;
  let length = 0;
  for (const end of [one, two]) {
    length += Math.sqrt((end.x - middle.x) ** 2 + (end.y - middle.y) ** 2 + (end.z - middle.z) ** 2);
  }
  if (!less(Math.abs(length / middle.diameter - 1), 0.01)) return false;
  // So that the two ends do not count as two sections.
  two.parent = 1;
  return true;
}

/** A soma goes on from point to point, unless it branches. */
function joinSoma(points: readonly SwcPoint[], children: Float64Array, somaChildren: Float64Array): void {
  for (let i = 0; i < points.length - 1; i++) {
    const next = point(points, i + 1);
    if (point(points, i).type !== SOMA || next.type !== SOMA || next.parent !== i) continue;
    if (i === 0 || at(somaChildren, i) <= 1) children[i] = 1;
  }
}

function numberSections(points: readonly SwcPoint[], children: Float64Array): Int32Array {
  const ends: number[] = [];
  for (const [i, count] of children.entries()) if (!equal(count, 1)) ends.push(i);
  const sectionOf = new Int32Array(points.length);
  let section = 0;
  for (let i = 1; i < points.length; i++) {
    if (i > at(ends, section)) section++;
    sectionOf[i] = section;
  }
  return sectionOf;
}

interface Work {
  readonly points: readonly SwcPoint[];
  readonly sectionOf: Int32Array;
  readonly sections: ImportedSection[];
  /** Index of each section's first own point. */
  readonly firsts: number[];
  readonly somaChildren: Float64Array;
  readonly proximal: Uint8Array;
  readonly sphere: boolean;
}

/** The section of the points from `first` to before `end`. */
function makeSection(work: Work, first: number, end: number): void {
  const { points, sections, firsts, sphere } = work;
  const { type, parent } = point(points, first);
  const own = emptyPoints();
  const section = importedSection(type, own);
  const isRoot = sections.length === 0;
  const last = isRoot && sphere ? 1 : end;
  if (!isRoot) addCopy(work, own, orFirst(parent));
  for (let i = first; i < last; i++) addCopy(work, own, i);
  if (!isRoot) attach(work, section, first, end);
  sections.push(section);
  firsts.push(first);
}

function addCopy({ points }: Work, own: ImportedSection['points'], index: number): void {
  const { x, y, z, diameter, line } = point(points, index);
  addPoint(own, [x, y, z, diameter, line]);
}

function attach(work: Work, section: ImportedSection, first: number, end: number): void {
  const { points, sections, sectionOf, firsts, proximal } = work;
  const parentPoint = point(points, first).parent;
  const number = at(sectionOf, orFirst(parentPoint));
  const parent = sections[number] as ImportedSection;
  section.parent = parent;
  const fromSoma = parent.type === SOMA && section.type !== SOMA;
  const place: Place = { parent, parentPoint, begin: at(firsts, number), isRoot: number === 0, fromSoma };
  setPlace(work, section, place, end - first);
  if (fromSoma) section.points.d[0] = at(section.points.d, 1);
  if (at(proximal, first) === 1) section.parentX = 0;
}

interface Place {
  readonly parent: ImportedSection;
  /** Index of the point it hangs on; -1 for a further tree. */
  readonly parentPoint: number;
  /** Index of the parent's first own point. */
  readonly begin: number;
  readonly isRoot: boolean;
  /** Leads from a soma to something else. */
  readonly fromSoma: boolean;
}

function setPlace({ somaChildren }: Work, section: ImportedSection, place: Place, count: number): void {
  const { parent, parentPoint, begin, isRoot, fromSoma } = place;
  const size = parent.points.d.length;
  const branches = at(somaChildren, orFirst(parentPoint)) > 1;
  if (isRoot && fromSoma && size === 1) {
    section.parentX = 0.5;
    if (count > 1) section.first = 1;
  } else if (isRoot && parentPoint === begin) {
    section.parentX = 0;
    if (section.type !== SOMA && branches) section.first = 1;
  } else if (parent.type === SOMA) {
    if (parentPoint < begin + size - (begin === 0 ? 1 : 2)) {
      section.parentX = 0.5;
      if (fromSoma && count > 1) section.first = 1;
    } else if (count > 1 && branches && section.type !== SOMA) {
      section.first = 1;
    }
  }
}
