: A VERBATIM that copies the ion's own concentration into the state, as old pools do at the start.
NEURON {
  SUFFIX verbatim_copy
  USEION ca READ ica, cai WRITE cai
}

ASSIGNED { ica (mA/cm2) }

STATE { cai (mM) }

INITIAL {
  VERBATIM
  cai = _ion_cai;
  ENDVERBATIM
  cai = cai * 3
}

BREAKPOINT { SOLVE pool METHOD cnexp }

DERIVATIVE pool { cai' = -ica * 0.1 + (1e-4 - cai) / 7 }
