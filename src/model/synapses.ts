/**
 * The synapses of the experiment: one excitatory and one GABA-A on every dendritic segment.
 *
 * Both are double exponentials whose peak is normalised to 1; the NMDA part is multiplied by the magnesium block
 * 1 / (1 + exp(-0.08·v)·[Mg]/3.57) (Jahr & Stevens 1990, J. Neurosci. 10:1830, in the form used by Hay and by
 * Beniaguev et al. 2021, Neuron 109:2727, from which the numbers are taken).
 */
import { type Static, Type } from 'typebox';

/** One double-exponential conductance. Times in ms, conductance in nS, reversal potential in mV. */
export const DoubleExponential = Type.Object(
  {
    tauRise: Type.Number({ exclusiveMinimum: 0, description: 'rise time constant (ms)' }),
    tauDecay: Type.Number({ exclusiveMinimum: 0, description: 'decay time constant (ms), longer than the rise' }),
    conductance: Type.Number({ minimum: 0, description: 'peak conductance of one event of weight 1 (nS)' }),
    reversal: Type.Number({ description: 'reversal potential (mV)' }),
  },
  { additionalProperties: false },
);
export type DoubleExponential = Static<typeof DoubleExponential>;

/** The synapses every dendritic segment carries. `nmda: null` leaves the NMDA part out. */
export const SynapseSet = Type.Object(
  {
    ampa: DoubleExponential,
    nmda: Type.Union([DoubleExponential, Type.Null()]),
    gabaA: DoubleExponential,
    magnesium: Type.Number({ minimum: 0, description: 'extracellular magnesium of the NMDA block (mM)' }),
  },
  { additionalProperties: false, $id: 'SynapseSet' },
);
export type SynapseSet = Static<typeof SynapseSet>;

/** Beniaguev et al. 2021, the NMDA condition. */
export const PAPER_SYNAPSES: SynapseSet = {
  ampa: { tauRise: 0.3, tauDecay: 3, conductance: 0.4, reversal: 0 },
  nmda: { tauRise: 2, tauDecay: 70, conductance: 0.4, reversal: 0 },
  gabaA: { tauRise: 0.2, tauDecay: 8, conductance: 1, reversal: -80 },
  magnesium: 1,
};

/** Which synapses a condition of the paper has: AMPA and AMPA_SK drop the NMDA part. */
export function synapsesOf(condition: 'NMDA' | 'AMPA' | 'AMPA_SK'): SynapseSet {
  return condition === 'NMDA' ? PAPER_SYNAPSES : { ...PAPER_SYNAPSES, nmda: null };
}
