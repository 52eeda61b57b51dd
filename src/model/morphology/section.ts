/** A section while it is being imported: an unbranched run of points, or the outline of a soma. */

/** Points in the file's own coordinates; every list has one entry a point (µm). */
export interface Points {
  x: number[];
  y: number[];
  z: number[];
  /** Diameters. */
  d: number[];
  /** Lines of the file (from 1) that they stand on. */
  line: number[];
}

export interface ImportedSection {
  /** 1 soma, 2 axon, 3 dendrite, 4 apical dendrite; others as the file has them. */
  type: number;
  readonly points: Points;
  parent: ImportedSection | null;
  /** Where on the parent it is attached, 0 to 1. */
  parentX: number;
  /** 1 where point 0 only says where the parent is, and the section itself starts at point 1. */
  first: 0 | 1;
  /** The points are the outline of a soma. */
  readonly contour: boolean;
  /** Further outlines of the same soma. */
  readonly stack: ImportedSection[];
  /** This is an outline in another section's `stack`. */
  subsidiary: boolean;
}

export function importedSection(type: number, points: Points, contour = false): ImportedSection {
  return {
    type,
    points,
    parent: null,
    parentX: 1,
    first: 0,
    contour,
    stack: [],
    subsidiary: false,
  };
}

export function emptyPoints(): Points {
  return { x: [], y: [], z: [], d: [], line: [] };
}

/** A point's numbers: x, y, z, diameter (µm), line. */
export type Point = readonly [x: number, y: number, z: number, d: number, line: number];

export function addPoint(points: Points, [x, y, z, d, line]: Point): void {
  points.x.push(x);
  points.y.push(y);
  points.z.push(z);
  points.d.push(d);
  points.line.push(line);
}

/** The points from `begin` on, as a list of their own. */
export function pointsFrom({ x, y, z, d, line }: Points, begin: number): Points {
  return { x: x.slice(begin), y: y.slice(begin), z: z.slice(begin), d: d.slice(begin), line: line.slice(begin) };
}

/** Puts a point before all others. */
export function prependPoint(points: Points, [x, y, z, d, line]: Point): void {
  points.x.unshift(x);
  points.y.unshift(y);
  points.z.unshift(z);
  points.d.unshift(d);
  points.line.unshift(line);
}

/** A number of a list whose index is known to be inside; NaN where it is not. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}

/** Line of the file (from 1) where a section begins. */
export function lineOf({ points, first }: ImportedSection): number {
  return at(points.line, first);
}
