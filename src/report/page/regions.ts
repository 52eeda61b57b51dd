/** The parts of a neuron, and how the page names them. */

export const REGIONS = ['soma', 'axon', 'basal', 'apical', 'other'] as const;
export type Region = (typeof REGIONS)[number];

export const REGION_LABEL: Readonly<Record<Region, string>> = {
  soma: 'Soma',
  axon: 'Axon',
  basal: 'Basal dendrites',
  apical: 'Apical dendrites',
  other: 'Other',
};

export function regionAt(index: number): Region {
  return REGIONS[index] ?? 'other';
}
