/** Several outlines of one soma, one above the other: a stack, each outline a circle. */
import { type Box, boxOf, distance, evenOutline, flatSquare, mean, overlap, pointOf, type Vector } from './contour.ts';
import { malformed } from './malformed.ts';
import { addPoint, at, emptyPoints, type ImportedSection, lineOf, type Points } from './section.ts';
import { greater, less } from './tolerance.ts';

/** Outlines whose extents overlap with the one before belong to one soma. Returns the first outline of each soma. */
export function stackOutlines(outlines: readonly ImportedSection[]): ImportedSection[] {
  const somas: ImportedSection[] = [];
  let first: ImportedSection | undefined;
  let box: Box | undefined;
  for (const outline of outlines) {
    const own = boxOf(outline);
    if (first !== undefined && box !== undefined && overlap(box, own)) {
      first.stack.push(outline);
      outline.subsidiary = true;
    } else {
      first = outline;
      somas.push(outline);
    }
    box = own;
  }
  return somas;
}

/** Extent of a whole stack. */
export function stackBox(soma: ImportedSection): Box {
  const box = boxOf(soma);
  for (const outline of soma.stack) {
    const own = boxOf(outline);
    if (greater(box.xMin, own.xMin)) box.xMin = own.xMin;
    if (greater(box.yMin, own.yMin)) box.yMin = own.yMin;
    if (less(box.xMax, own.xMax)) box.xMax = own.xMax;
    if (less(box.yMax, own.yMax)) box.yMax = own.yMax;
  }
  return box;
}

/** The middle of the line through the outlines' centres. */
export function stackCentre(soma: ImportedSection): Vector {
  const centres = [soma, ...soma.stack].map((outline) => evenOutline(outline).centre);
  const along = [0];
  for (let i = 1; i < centres.length; i++) {
    along.push(at(along, i - 1) + distance(centres[i] as Vector, centres[i - 1] as Vector));
  }
  const half = at(along, along.length - 1) / 2;
  if (half <= 1e-11) return centres[0] as Vector;
  const i = along.findIndex((length) => greater(length, half));
  const part = (half - at(along, i - 1)) / (at(along, i) - at(along, i - 1));
  const [before, after] = [centres[i - 1] as Vector, centres[i] as Vector];
  return [0, 1, 2].map((k) => part * at(after, k) + (1 - part) * at(before, k)) as Vector;
}

/** One point an outline: its centre, and as diameter the mean of that of its perimeter and that of its points' distances. */
export function stackPoints(soma: ImportedSection, file: string): Points {
  checkTriangles(soma, file);
  const points = emptyPoints();
  for (const outline of [soma, ...soma.stack]) {
    const [x, y, z, d] = circleOf(outline);
    addPoint(points, [x, y, z, d, lineOf(outline)]);
  }
  return points;
}

function circleOf(outline: ImportedSection): [number, number, number, number] {
  const count = outline.points.x.length;
  let perimeter = 0;
  for (let i = 0; i < count; i++) perimeter += distance(pointOf(outline, i), pointOf(outline, (i + 1) % count));
  const { x, y, z, centre } = evenOutline(outline);
  const radii = x.map((value, i) => {
    const [dx, dy, dz] = [value - centre[0], at(y, i) - centre[1], at(z, i) - centre[2]];
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  });
  return [...centre, mean(radii) + perimeter / (2 * Math.PI)];
}

/** NEURON spans triangles between neighbouring outlines and gives up where one cannot be; then so must we. */
function checkTriangles(soma: ImportedSection, file: string): void {
  const outlines = [soma, ...soma.stack];
  for (let k = 1; k < outlines.length; k++) {
    const [below, above] = [outlines[k - 1] as ImportedSection, outlines[k] as ImportedSection];
    if (!spansTriangles(below, above)) {
      throw malformed(file, lineOf(above), 'NEURON cannot span the soma between this outline and the one before it');
    }
  }
}

function spansTriangles(below: ImportedSection, above: ImportedSection): boolean {
  const edges = edgesBetween(below, above);
  let [i, j] = edges[0] as Edge;
  let side = distance(pointOf(below, i), pointOf(above, j));
  for (const [nextI, nextJ] of edges.slice(1)) {
    const next = distance(pointOf(below, nextI), pointOf(above, nextJ));
    const base =
      i === nextI
        ? distance(pointOf(above, j), pointOf(above, nextJ))
        : distance(pointOf(below, i), pointOf(below, nextI));
    const [short, middle, long] = [side, next, base].sort((a, b) => a - b) as [number, number, number];
    if (short - (long - middle) < 0) return false;
    [i, j, side] = [nextI, nextJ, next];
  }
  return true;
}

/** A point of the outline below, and one of the outline above. */
type Edge = [number, number];

function edgesBetween(below: ImportedSection, above: ImportedSection): Edge[] {
  const origin = pointOf(below, 0);
  const lower = pointOrder(below, origin);
  const upper = pointOrder(above, origin);
  const edges: Edge[] = [];
  let [i, j] = [0, 0];
  const push = () => edges.push([at(lower, i), at(upper, j)]);
  while (i < lower.length - 1 || j < upper.length - 1) {
    push();
    if (i < lower.length - 1 && j < upper.length - 1) {
      const alongUpper = flatSquare(pointOf(below, at(lower, i)), pointOf(above, at(upper, j + 1)));
      const alongLower = flatSquare(pointOf(below, at(lower, i + 1)), pointOf(above, at(upper, j)));
      if (less(alongLower, alongUpper)) i++;
      else j++;
    } else if (i < lower.length - 1) {
      i++;
    } else {
      j++;
    }
  }
  push();
  return edges;
}

/** Points of an outline in one sense of rotation, from the one nearest to `origin` round to itself. */
function pointOrder(outline: ImportedSection, origin: Vector): number[] {
  const { centre } = evenOutline(outline);
  const order = Array.from(outline.points.x, (_, i) => i);
  const [a, b] = [0, 1].map((i) => pointOf(outline, i).map((value, k) => value - at(centre, k))) as [Vector, Vector];
  if (greater(a[0] * b[1] - a[1] * b[0], 0)) order.reverse();
  let nearest = 0;
  let least = 1e9;
  for (const [k, index] of order.entries()) {
    const d = distance(pointOf(outline, index), origin);
    if (less(d, least)) [least, nearest] = [d, k];
  }
  const turned = [...order.slice(nearest), ...order.slice(0, nearest)];
  return [...turned, turned[0] as number];
}
