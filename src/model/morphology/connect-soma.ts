/** Trees of a Neurolucida file get a soma to hang on, as NEURON's connect2soma decides. */
import { boxOf, distance, evenOutline, pointOf, type Vector } from './contour.ts';
import { at, type ImportedSection, prependPoint } from './section.ts';
import { stackBox, stackCentre, stackOutlines } from './soma-stack.ts';
import { less } from './tolerance.ts';

/** Diameter of the point that leads from a soma's centre to a tree (µm). */
const WIRE = 0.01;
/** A single outline reaches this much farther (µm). */
const MARGIN = 0.5;

/** Outlines first, then the trees, each of these attached to the middle of a soma where there is one. */
export function connectToSoma(sections: readonly ImportedSection[]): ImportedSection[] {
  const outlines = sections.filter(({ contour }) => contour);
  const trees = sections.filter(({ contour }) => !contour);
  const somas = stackOutlines(outlines);
  let roots = trees.filter(({ parent }) => parent === null);
  const centres: Vector[] = [];
  for (const soma of somas) {
    const [centre, inside] = reach(soma);
    centres.push(centre);
    // From the last on: only the order of attachment to several somas depends on it.
    for (const root of roots.filter(inside)) attach(root, soma, centre);
    roots = roots.filter(({ parent }) => parent === null);
  }
  for (const root of roots) attachToNearest(root, somas, centres);
  return [...outlines, ...trees];
}

/** A soma's centre, and whether a tree begins within it. */
function reach(soma: ImportedSection): [Vector, (root: ImportedSection) => boolean] {
  const stacked = soma.stack.length > 0;
  const box = stacked ? stackBox(soma) : boxOf(soma);
  const margin = stacked ? 0 : MARGIN;
  // NEURON compares in single precision here.
  const [xMin, xMax] = [Math.fround(box.xMin - margin), Math.fround(box.xMax + margin)];
  const [yMin, yMax] = [Math.fround(box.yMin - margin), Math.fround(box.yMax + margin)];
  const centre = stacked ? stackCentre(soma) : evenOutline(soma).centre;
  const inside = (root: ImportedSection) => {
    const [x, y] = pointOf(root, 0).map(Math.fround) as Vector;
    return x >= xMin && x <= xMax && y >= yMin && y <= yMax;
  };
  return [centre, inside];
}

function attach(root: ImportedSection, soma: ImportedSection, centre: Vector): void {
  root.parent = soma;
  root.parentX = 0.5;
  prependPoint(root.points, [...centre, WIRE, at(root.points.line, 0)]);
  root.first = 1;
}

function attachToNearest(root: ImportedSection, somas: readonly ImportedSection[], centres: readonly Vector[]): void {
  const start = pointOf(root, 0);
  let nearest = 0;
  let least = 1e9;
  for (const [k, centre] of centres.entries()) {
    const d = distance(start, centre);
    if (less(d, least)) [least, nearest] = [d, k];
  }
  const [soma, centre] = [somas[nearest], centres[nearest]];
  if (soma !== undefined && centre !== undefined) attach(root, soma, centre);
}
