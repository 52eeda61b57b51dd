/** Areas and axial resistances of a section's segments: frusta between its 3-d points, integrated as NEURON's diam_from_list does. */
import { at } from './section.ts';

/** Of each segment, in order. */
export interface Segments {
  /** µm² */
  readonly area: Float64Array;
  /** Conductance (µS) to the middle before: the reciprocal of half the segment's and half its parent's resistance. */
  readonly inverse: Float64Array;
  /** µm */
  readonly diameter: Float64Array;
  /** Conductance (µS) from the last middle to the end at 1. */
  readonly endInverse: number;
}

/** What a section's geometry is made of. */
export interface Outline3d {
  readonly diameter: Float32Array;
  readonly arc: Float64Array;
}

/** Ω·cm and µm to MΩ. */
const TO_MEGOHMS = 4 * 0.01;

/** @param ra axial resistivity (Ω·cm) @param previous diameters the segments had before, which NEURON keeps within 1e-9 */
export function frusta(section: Outline3d, nseg: number, ra: number, previous: Float64Array): Segments {
  const { arc, diameter: d } = section;
  const last = arc.length - 1;
  const ds = at(arc, last) / nseg;
  const area = new Float64Array(nseg);
  const inverse = new Float64Array(nseg);
  const diameter = previous.slice();
  let j = 0;
  let x1 = at(arc, 0);
  let y1 = Math.abs(at(d, 0));
  let right = 0;
  for (let i = 0; i < nseg; i++) {
    let start = i * ds;
    let width = 0;
    let surface = 0;
    let left = 0;
    for (let half = 0; half < 2; half++) {
      const end = start + ds / 2;
      let ri = 0;
      for (;;) {
        const [xj, xjp] = [at(arc, j), at(arc, j + 1)];
        const stays = xjp > end || j + 1 === last;
        let [x2, y2] = [xjp, Math.abs(at(d, j + 1))];
        if (stays) {
          const part = Math.abs(xjp - xj) < 1e-10 ? 1 : (end - xj) / (xjp - xj);
          x2 = end;
          y2 = (1 - part) * Math.abs(at(d, j)) + part * Math.abs(at(d, j + 1));
        }
        let delta = x2 - x1;
        width += (y2 + y1) * delta;
        if (delta < 1e-15) delta = 1e-15;
        const square = (y2 * y1) / delta;
        ri += 1 / (square === 0 ? 1e-15 : square);
        const taper = 0.5 * (y2 - y1);
        surface += (y2 + y1) * Math.sqrt(delta * delta + taper * taper);
        [x1, y1] = [x2, y2];
        if (stays) break;
        j++;
      }
      const resistance = ((ri * ra) / Math.PI) * TO_MEGOHMS;
      if (half === 0) left = resistance;
      else {
        inverse[i] = 1 / (right + left);
        right = resistance;
      }
      start = end;
    }
    width *= 0.5 / ds;
    if (Math.abs(width - at(diameter, i)) > 1e-9 || width < 1e-5) diameter[i] = width;
    area[i] = surface * 0.5 * Math.PI;
  }
  return { area, inverse, diameter, endInverse: 1 / right };
}

/** The same for a cylinder without 3-d points. */
export function cylinder(length: number, diameter: number, nseg: number, ra: number): Segments {
  const dx = length / nseg;
  const half = (1e-2 * ra * (dx / 2)) / ((Math.PI * diameter * diameter) / 4);
  const inverse = new Float64Array(nseg).fill(1 / (half + half));
  inverse[0] = 1 / (half + 0);
  return {
    area: new Float64Array(nseg).fill(Math.PI * diameter * dx),
    inverse,
    diameter: new Float64Array(nseg).fill(diameter),
    endInverse: 1 / half,
  };
}
