/** One outline of a soma becomes a straight stack of frusta along its major axis, as NEURON's contour2centroid makes it. */
import { evenOutline, interpolated, type Outline, sum, type Vector } from './contour.ts';
import { symmetricEigen } from './eigen.ts';
import { malformed } from './malformed.ts';
import { addPoint, at, emptyPoints, type ImportedSection, lineOf, type Points } from './section.ts';
import { atMost, less } from './tolerance.ts';

const STEPS = 20;

export function centroidPoints(soma: ImportedSection, file: string): Points {
  const outline = evenOutline(soma);
  const axes = axesOf(outline);
  const sides = axes === null ? null : sidesOf(outline, axes);
  const points = axes === null || sides === null ? null : frustaAlong(sides, axes, outline.centre, lineOf(soma));
  if (points === null) throw malformed(file, lineOf(soma), "NEURON cannot find the axis of this soma's outline");
  return points;
}

interface Axes {
  readonly major: Vector;
  /** In the xy plane, length 1. */
  readonly minor: Vector;
}

/** Directions of the points' largest and middle spread. */
function axesOf({ x, y, z, centre }: Outline): Axes | null {
  const rows = [x, y, z].map((values, k) => values.map((value) => value - at(centre, k)));
  const product = (a: Float64Array, b: Float64Array) => sum(a.map((value, i) => value * at(b, i)));
  const spread = rows.map((a, i) => rows.map((b, j) => (i <= j ? product(a, b) : product(b, a))));
  const eigen = symmetricEigen(spread);
  if (eigen === null) return null;
  const largest = eigen.values.indexOf(Math.max(...eigen.values));
  const smallest = eigen.values.indexOf(Math.min(...eigen.values));
  const major = Array.from(eigen.vectors[largest] ?? []) as Vector;
  const middle = eigen.vectors[3 - smallest - largest];
  if (middle === undefined) return null;
  // The axis points where its largest component is positive.
  const sizes = major.map(Math.abs);
  if (less(at(major, sizes.indexOf(Math.max(...sizes))), 0)) for (let k = 0; k < 3; k++) major[k] = at(major, k) * -1;
  const minor: Vector = [at(middle, 0), at(middle, 1), 0];
  const size = magnitude(minor);
  if (less(size / (magnitude(major) + 1e-100), 1e-6)) return null;
  return { major, minor: minor.map((value) => value / size) as Vector };
}

function magnitude(v: Vector): number {
  return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/** One side of the outline: where along the major axis, rising, and how far from it. */
interface Side {
  readonly along: number[];
  readonly away: number[];
}

function sidesOf(outline: Outline, { major, minor }: Axes): [Side, Side] | null {
  const count = outline.x.length;
  const rows = [outline.x, outline.y, outline.z].map((values, k) => values.map((v) => v - at(outline.centre, k)));
  const dot = (axis: Vector) =>
    Array.from({ length: count }, (_, i) => {
      let total = 0;
      for (const [k, row] of rows.entries()) total += at(row, i) * at(axis, k);
      return total;
    });
  let [along, away] = [dot(major), dot(minor)];
  const top = along.indexOf(Math.max(...along));
  [along, away] = [along, away].map((values) => [...values.slice(top), ...values.slice(0, top)]) as [
    number[],
    number[],
  ];
  const bottom = along.indexOf(Math.min(...along));
  if (bottom <= 0) return null;
  const falling: Side = { along: along.slice(0, bottom).reverse(), away: away.slice(0, bottom).reverse() };
  const rising: Side = { along: along.slice(bottom), away: away.slice(bottom) };
  return [monotonic(falling), monotonic(rising)];
}

/** Drops what does not rise, from the far end on, and looks again wherever something was dropped. */
function monotonic({ along, away }: Side): Side {
  for (let j = along.length - 1; j > 0; j--) {
    if (!atMost(at(along, j), at(along, j - 1))) continue;
    along.splice(j, 1);
    away.splice(j, 1);
    if (j !== along.length) j++;
  }
  return { along, away };
}

function frustaAlong([left, right]: [Side, Side], { major }: Axes, centre: Vector, line: number): Points | null {
  const both = [...left.along, ...right.along].sort((a, b) => a - b);
  const [from, to] = [at(both, 1), at(both, both.length - 2)];
  const step = (to - from) / STEPS;
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (!(count >= 2)) return null;
  const places = Float64Array.from({ length: count }, (_, i) => i * step + from);
  const a = interpolated(left.away, left.along, places);
  const b = interpolated(right.away, right.along, places);
  const points = emptyPoints();
  for (let i = 0; i < count; i++) {
    const [x, y, z] = major.map((value, k) => value * at(places, i) + at(centre, k)) as Vector;
    addPoint(points, [x, y, z, Math.abs(at(a, i) - at(b, i)), line]);
  }
  // No end of zero width.
  const { d } = points;
  d[0] = (at(d, 0) + at(d, 1)) / 2;
  d[count - 1] = (at(d, count - 1) + at(d, count - 2)) / 2;
  return points;
}
