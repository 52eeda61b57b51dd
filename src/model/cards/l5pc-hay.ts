/**
 * The cell of Hay et al. 2011 that the paper simulates: morphology cell1.asc and biophysics "5b" of ModelDB 139653, with
 * the changes of Beniaguev et al. 2021 (the calcium hot zone 1.6 times as strong).
 */
import type { Biophysics, ModelCard } from '../card.ts';
import { HAY_MECHANISMS } from './hay-mechanisms.ts';

const RESISTIVITY = 100;
const LEAK_REVERSAL = -90;
const REVERSALS = { ek: -85, ena: 50 };

const soma: Biophysics = {
  cm: 1,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: { g: 3e-5, e: LEAK_REVERSAL },
    Ih: { gIhbar: 7.5e-5 },
    Im: { gImbar: 8e-6 },
    CaDynamics_E2: { decay: 294.679571, gamma: 0.000509 },
    Ca_LVAst: { gCa_LVAstbar: 0.000557 },
    Ca_HVA: { gCa_HVAbar: 0.000644 },
    SKv3_1: { gSKv3_1bar: 0.338029 },
    SK_E2: { gSK_E2bar: 0.09965 },
    NaTs2_t: { gNaTs2_tbar: 0.998912 },
  },
};

const axon: Biophysics = {
  cm: 1,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: { g: 3e-5, e: LEAK_REVERSAL },
    Ih: { gIhbar: 5e-5 },
    Im: { gImbar: 0.013322 },
    CaDynamics_E2: { decay: 277.300774, gamma: 0.000525 },
    Ca_LVAst: { gCa_LVAstbar: 0.000813 },
    Ca_HVA: { gCa_HVAbar: 0.000222 },
    SKv3_1: { gSKv3_1bar: 0.473799 },
    SK_E2: { gSK_E2bar: 4.7e-5 },
    K_Tst: { gK_Tstbar: 0.077274 },
    K_Pst: { gK_Pstbar: 0.188851 },
    Nap_Et2: { gNap_Et2bar: 0.005834 },
    NaTa_t: { gNaTa_tbar: 3.89618 },
  },
};

const basal: Biophysics = {
  cm: 2,
  Ra: RESISTIVITY,
  reversals: {},
  mechanisms: { pas: { g: 6e-5, e: LEAK_REVERSAL }, Ih: { gIhbar: 5e-5 } },
};

const apical: Biophysics = {
  cm: 2,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: { g: 6e-5, e: LEAK_REVERSAL },
    // The paper's distribution A, of the path distance relative to the longest apical path.
    Ih: {
      gIhbar: {
        kind: 'exponential',
        scale: 1e-4,
        offset: -0.8696,
        amplitude: 2.087,
        slope: 3.6161,
        cap: 0.65,
        normalised: true,
        origin: 'apical',
      },
    },
    // Distribution B: the hot zone of low-threshold calcium; 0.2271264 = 0.141954 · 1.6.
    Ca_LVAst: {
      gCa_LVAstbar: {
        kind: 'window',
        scale: 0.2271264,
        inside: 1,
        outside: 0.01,
        from: 685,
        to: 885,
        origin: 'apical',
      },
    },
    Im: { gImbar: 0.00099 },
    CaDynamics_E2: { decay: 35.725651, gamma: 0.000637 },
    Ca_HVA: { gCa_HVAbar: 0.000701 },
    SKv3_1: { gSKv3_1bar: 0.001808 },
    SK_E2: { gSK_E2bar: 2e-6 },
    NaTs2_t: { gNaTs2_tbar: 0.021489 },
  },
};

export const L5PC_HAY: ModelCard = {
  name: 'l5pc-hay',
  title: "Layer-5b pyramidal cell of Hay et al. 2011, the paper's own (642 compartments)",
  citation: 'Hay et al. 2011, PLoS Comput Biol 7:e1002107 (ModelDB 139653); Beniaguev et al. 2021, Neuron 109:2727',
  licence: 'mechanisms CC-BY-NC-SA 4.0: non-commercial use only; morphology from ModelDB; neither is part of twincell',
  construction: {
    kind: 'morphology',
    source: 'modeldb',
    morphology: { file: 'cell1.asc', sha256: 'a8afc0925afec1dd9241528ee6ccfdcb1c321904d876835990592c2573567383' },
    axon: 'stub',
    segmentLength: 40,
  },
  mechanisms: HAY_MECHANISMS,
  // The original runs leave NEURON's default; it only moves the reversal potential of calcium.
  celsius: 6.3,
  vInit: -76,
  regions: { soma, axon, basal, apical },
  nexus: { section: 'apic[50]', x: 0.9 },
};
