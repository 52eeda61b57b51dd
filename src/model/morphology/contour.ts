/** Outlines of a soma: their centres and extents, as NEURON's Import3d_Section measures them. */
import { pow } from '../../libm/index.ts';
import { at, type ImportedSection } from './section.ts';
import { greater } from './tolerance.ts';

export type Vector = [x: number, y: number, z: number];

/** An outline drawn again with evenly spaced points, and their mean (µm). */
export interface Outline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly centre: Vector;
}

const EVEN_POINTS = 101;

/** Evenly spaced along the outline as it is seen in the xy plane; the last edge, back to the start, is left out. */
export function evenOutline({ points: { x, y, z } }: ImportedSection): Outline {
  const along = new Float64Array(x.length);
  for (let i = 1; i < x.length; i++) {
    const dx = at(x, i) - at(x, i - 1);
    const dy = at(y, i) - at(y, i - 1);
    along[i] = at(along, i - 1) + Math.sqrt(dx * dx + dy * dy);
  }
  const step = at(along, along.length - 1) / 100;
  const places = Float64Array.from({ length: EVEN_POINTS }, (_, i) => i * step);
  const even = [x, y, z].map((values) => interpolated(values, along, places)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { x: even[0], y: even[1], z: even[2], centre: [mean(even[0]), mean(even[1]), mean(even[2])] };
}

/** Values known at rising `known` places, at other rising places; constant outside. */
export function interpolated(values: ArrayLike<number>, known: ArrayLike<number>, places: Float64Array): Float64Array {
  const result = new Float64Array(places.length);
  let k = 0;
  for (; k < places.length && at(places, k) <= at(known, 0); k++) result[k] = at(values, 0);
  for (let i = 1; i < known.length && k < places.length; i++) {
    if (at(known, i) <= at(known, i - 1)) continue;
    for (; k < places.length && at(places, k) <= at(known, i); k++) {
      const part = (at(places, k) - at(known, i - 1)) / (at(known, i) - at(known, i - 1));
      result[k] = (1 - part) * at(values, i - 1) + part * at(values, i);
    }
  }
  for (; k < places.length; k++) result[k] = at(values, known.length - 1);
  return result;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += at(values, i);
  return total;
}

export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

export function pointOf({ points: { x, y, z } }: ImportedSection, index: number): Vector {
  return [at(x, index), at(y, index), at(z, index)];
}

/** Distance of two points (µm). */
export function distance(a: Vector, b: Vector): number {
  const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  return Math.sqrt(x * x + y * y + z * z);
}

/** Squared distance in the xy plane (µm²), through pow as the interpreter takes squares. */
export function flatSquare(a: Vector, b: Vector): number {
  return pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2);
}

/** Extent in x and y (µm). */
export interface Box {
  xMin: number;
  xMax: number;
  yMin: number;
  yMax: number;
}

export function boxOf({ points: { x, y } }: ImportedSection): Box {
  return { xMin: Math.min(...x), xMax: Math.max(...x), yMin: Math.min(...y), yMax: Math.max(...y) };
}

export function overlap(a: Box, b: Box): boolean {
  return !(greater(a.xMin, b.xMax) || greater(b.xMin, a.xMax) || greater(a.yMin, b.yMax) || greater(b.yMin, a.yMax));
}
