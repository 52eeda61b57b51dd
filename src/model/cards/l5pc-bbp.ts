/**
 * A rat layer-5 pyramidal cell with the biophysics of the Blue Brain Project's release (Markram et al. 2015), as
 * bluepyopt 1.14.26 gives them in examples/l5pc: `release_params` of l5pc_analysis.py, the fixed values of
 * config/parameters.json. The initial potential and the axon's stub are those of the paper's runs.
 */
import type { Biophysics, ModelCard } from '../card.ts';
import { HAY_MECHANISMS } from './hay-mechanisms.ts';

const RESISTIVITY = 100;
const PASSIVE = { g: 3e-5, e: -75 };
const REVERSALS = { ek: -85, ena: 50 };
const IH = 8e-5;

const soma: Biophysics = {
  cm: 1,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: PASSIVE,
    Ih: { gIhbar: IH },
    CaDynamics_E2: { gamma: 0.000609, decay: 210.485284 },
    Ca_HVA: { gCa_HVAbar: 0.000994 },
    Ca_LVAst: { gCa_LVAstbar: 0.000333 },
    SK_E2: { gSK_E2bar: 0.008407 },
    SKv3_1: { gSKv3_1bar: 0.303472 },
    NaTs2_t: { gNaTs2_tbar: 0.983955 },
  },
};

const axon: Biophysics = {
  cm: 1,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: PASSIVE,
    CaDynamics_E2: { gamma: 0.00291, decay: 287.198731 },
    Ca_HVA: { gCa_HVAbar: 0.00099 },
    Ca_LVAst: { gCa_LVAstbar: 0.008752 },
    SK_E2: { gSK_E2bar: 0.007104 },
    SKv3_1: { gSKv3_1bar: 1.021945 },
    K_Tst: { gK_Tstbar: 0.089259 },
    K_Pst: { gK_Pstbar: 0.973538 },
    Nap_Et2: { gNap_Et2bar: 0.006827 },
    NaTa_t: { gNaTa_tbar: 3.137968 },
  },
};

const basal: Biophysics = {
  cm: 2,
  Ra: RESISTIVITY,
  reversals: {},
  mechanisms: { pas: PASSIVE, Ih: { gIhbar: IH } },
};

const apical: Biophysics = {
  cm: 2,
  Ra: RESISTIVITY,
  reversals: REVERSALS,
  mechanisms: {
    pas: PASSIVE,
    Ih: {
      gIhbar: {
        kind: 'exponential',
        scale: IH,
        offset: -0.8696,
        amplitude: 2.087,
        slope: 0.0031,
        normalised: false,
        origin: 'soma',
      },
    },
    Im: { gImbar: 0.000143 },
    SKv3_1: { gSKv3_1bar: 0.004226 },
    NaTs2_t: { gNaTs2_tbar: 0.026145 },
  },
};

export const L5PC_BBP: ModelCard = {
  name: 'l5pc-bbp',
  title: 'Layer-5 pyramidal cell, Blue Brain Project release (699 compartments)',
  citation:
    'Markram et al. 2015, Cell 163:456; Hay et al. 2011, PLoS Comput Biol 7:e1002107; files: bluepyopt 1.14.26, examples/l5pc',
  licence:
    'morphology and mechanisms CC-BY-NC-SA 4.0: non-commercial use only; fetched by set-up, not part of twincell',
  construction: {
    kind: 'morphology',
    source: 'bluepyopt',
    morphology: { file: 'morphology/C060114A7.asc' },
    axon: 'stub',
    segmentLength: 40,
  },
  mechanisms: HAY_MECHANISMS,
  celsius: 34,
  vInit: -76,
  regions: { soma, axon, basal, apical },
  // Where the apical trunk splits in two equal halves, 375 µm from the soma: the last segment before that point.
  nexus: { section: 'apic[10]', x: 0.9 },
};
