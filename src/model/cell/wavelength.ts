/** NEURON's d-lambda rule: segments no longer than a fraction of the length constant at a frequency. */

import type { WavelengthRule } from '../card.ts';
import type { MorphologySection } from '../morphology/index.ts';

/** Cable constants of a region. */
export interface Cable {
  /** µF/cm² */
  readonly cm: number;
  /** Ω·cm */
  readonly Ra: number;
}

/** nseg = 2·int((L / (d·λ) + 0.9) / 2) + 1, as lambda_f and geom_nseg of NEURON's stdlib count it. */
export function segmentsByWavelength(
  { arc, diameter }: MorphologySection,
  length: number,
  { cm, Ra }: Cable,
  { dLambda, frequency }: WavelengthRule,
): number {
  let sum = 0;
  for (let i = 1; i < arc.length; i++) {
    const [from, to] = [arc[i - 1] ?? 0, arc[i] ?? 0];
    sum += (to - from) / Math.sqrt((diameter[i - 1] ?? 0) + (diameter[i] ?? 0));
  }
  const wavelengths = sum * (Math.sqrt(2) * 1e-5 * Math.sqrt(4 * Math.PI * frequency * Ra * cm));
  const lambda = length / wavelengths;
  return Math.trunc((length / (dLambda * lambda) + 0.9) / 2) * 2 + 1;
}
