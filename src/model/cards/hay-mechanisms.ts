/**
 * The twelve mechanisms of Hay et al. 2011, as the bluepyopt 1.14.26 source distribution carries them, in C order: the
 * order in which they are compiled is the order in which NEURON runs them.
 */
import type { ModelCard } from '../card.ts';

const NAMES = [
  'CaDynamics_E2',
  'Ca_HVA',
  'Ca_LVAst',
  'Ih',
  'Im',
  'K_Pst',
  'K_Tst',
  'NaTa_t',
  'NaTs2_t',
  'Nap_Et2',
  'SK_E2',
  'SKv3_1',
];

export const HAY_MECHANISMS: ModelCard['mechanisms'] = {
  source: 'bluepyopt',
  files: NAMES.map((name) => ({ file: `mechanisms/${name}.mod` })),
};
