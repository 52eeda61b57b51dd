/**
 * Packages of the Python index whose archives ship mechanism files that others wrote: a conformance suite that anyone can run.
 * They are fetched by name and hash and never kept here.
 */
export interface Package {
  /** The project's name on the index. */
  readonly project: string;
  readonly file: string;
  readonly sha256: string;
  readonly licence: string;
  /** Files that repeat one of another package, by their path in the archive. */
  readonly leaveOut: readonly string[];
}

/** Endings of what is taken out of an archive: mechanisms and what they include, and morphologies. */
export const ENDINGS: readonly string[] = ['.mod', '.inc', '.asc', '.swc'];

export const PACKAGES: readonly Package[] = [
  {
    project: 'braincell',
    file: 'braincell-0.1.0.tar.gz',
    sha256: '054072c47ad690459a084316c5ed3aeddd69e366bcbe6383bf7297376980c26f',
    licence: 'Apache-2.0',
    leaveOut: [
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/BC/channel/Kca1p1_MA25_BC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/BC/channel/Kca2p2_MA25_BC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/BC/channel/Kir2p3_MA25_BC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GoC/channel/Cav3p1_MA20_GoC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GoC/channel/Kca1p1_MA20_GoC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GoC/channel/Kca2p2_MA20_GoC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GrC/channel/Kca1p1_MA20_GrC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GrC/channel/Kca2p2_MA20_GrC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/GrC/channel/Kir2p3_MA20_GrC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/PC/channel/Cav3p1_MA24_PC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/PC/channel/Kir2p3_MA24_PC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/SC/channel/Kca1p1_RI21_SC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/SC/channel/Kca2p2_RI21_SC.mod',
      'braincell-0.1.0/examples/neuron_compare/Cerebellum_mod/SC/channel/Kir2p3_RI21_SC.mod',
    ],
  },
  {
    project: 'snudda',
    file: 'snudda-3.0-py3-none-any.whl',
    sha256: '97d46c13ddf0cf987a9935c56fcbfa897254c7c81e75aa08f7c3d47f4f27c6d4',
    licence: 'GPL-3.0',
    leaveOut: [
      'snudda/data/neurons/mechanisms/na3_lts.mod',
      'snudda/data/neurons/mechanisms.OLD/h_lts.mod',
      'snudda/data/neurons/mechanisms.OLD/im_lts.mod',
      'snudda/data/neurons/mechanisms.OLD/na3n_lts.mod',
    ],
  },
  {
    project: 'pynn',
    file: 'pynn-0.13.0-py3-none-any.whl',
    sha256: '9a7247c3905d9e62f10aea6e092826bd16eec27f011cd958945b002c82ad7bef',
    licence: 'CeCILL-2.1',
    leaveOut: [],
  },
  {
    project: 'dbbs-catalogue',
    file: 'dbbs_catalogue-6.0.1-py2.py3-none-any.whl',
    sha256: '77c1f5c9fde7ece92349f1eb0ea9f533cdf695ef4c7877e442264406b1465281',
    licence: 'GPL-3.0',
    leaveOut: [
      'dbbs_catalogue/mods/arbor/Cav3_1__0.mod',
      'dbbs_catalogue/mods/arbor/Kca1_1__0.mod',
      'dbbs_catalogue/mods/arbor/Kca2_2__0.mod',
      'dbbs_catalogue/mods/neuron/Cav3_1__0.mod',
      'dbbs_catalogue/mods/neuron/Kca1_1__0.mod',
      'dbbs_catalogue/mods/neuron/Kca2_2__0.mod',
      'dbbs_catalogue/mods/neuron/Kir2_3__0.mod',
    ],
  },
  {
    project: 'nrv-py',
    file: 'nrv_py-1.1.1-py3-none-any.whl',
    sha256: '62a241ab6860ca97413026b67284a7d96fb54f9cd622fec94e024d9687401bed',
    licence: 'CeCILL-2.1',
    leaveOut: ['nrv/_misc/mods/na3.mod', 'nrv/_misc/mods/nax.mod'],
  },
  {
    project: 'hnn-core',
    file: 'hnn_core-0.6.1.tar.gz',
    sha256: '5a4bc9087de0fccfd52556213973d240b89323fc06d78d25e498d987679ec7be',
    licence: 'BSD-3-Clause',
    leaveOut: ['hnn_core-0.6.1/hnn_core/mod/cad.mod', 'hnn_core-0.6.1/hnn_core/mod/hh2.mod'],
  },
  {
    project: 'bmtk',
    file: 'bmtk-1.2.0-py2.py3-none-any.whl',
    sha256: 'd46d7407e4830fe492b2274fd466d5bad1b12d8a547f71cd8ea8c753ae7fdaa2',
    licence: 'BSD-3-Clause',
    leaveOut: ['bmtk/utils/scripts/bionet/mechanisms/modfiles/SK.mod'],
  },
  {
    project: 'bluepyopt',
    file: 'bluepyopt-1.14.26.tar.gz',
    sha256: '105a0e810c2cb49b96f5ea38d9faa88614d67e046a19699699bf2b85c4d7b37b',
    licence: 'LGPL; l5pc mods CC-BY-NC-SA',
    leaveOut: [
      'bluepyopt-1.14.26/examples/l5pc/mechanisms/SK_E2.mod',
      'bluepyopt-1.14.26/examples/thalamocortical-cell/mechanisms/SK_E2.mod',
    ],
  },
  {
    project: 'neuron',
    file: 'neuron-9.0.2-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl',
    sha256: '18cfc9df0224d17c6fb042c0c51afc61498a0a8f6d95d4475e4158076d13299e',
    licence: 'BSD-style',
    leaveOut: ['neuron/.data/share/modfile/hh.mod'],
  },
  {
    project: 'pyneuroml',
    file: 'pyneuroml-1.3.22.tar.gz',
    sha256: '7f058ce6cc485cae496e53de4430e6259af28cfad1d1c16c38c9fefa1445936b',
    licence: 'LGPL-3.0',
    leaveOut: [],
  },
  {
    project: 'emodel-generalisation',
    file: 'emodel_generalisation-0.2.14.tar.gz',
    sha256: '6d83176402ae81f3563ac280b9333ad9333ef9c2608fb1af44de8ada4bfa5894',
    licence: 'morphologies CC-BY-4.0',
    leaveOut: ['emodel_generalisation-0.2.14/examples/mcmc/mcmc_singlecomp/mechanisms/SK_E2.mod'],
  },
];
