: LONGITUDINAL_DIFFUSION: calcium that also spreads along the section, from each segment to its neighbours.
NEURON {
  SUFFIX kinetic_longitudinal
  USEION ca READ ica, cai WRITE cai
  RANGE held
}

PARAMETER {
  spread = 0.6 (um2/ms)
  total = 0.02 (mM)
}

ASSIGNED {
  ica (mA/cm2)
  cai (mM)
  diam (um)
  v (mV)
  held (mM)
}

STATE {
  ca (mM)
  free (mM)
  bound (mM)
}

INITIAL {
  ca = 1e-4
  free = total
  bound = 0
}

BREAKPOINT {
  SOLVE spreading METHOD sparse
  held = bound
}

KINETIC spreading {
  COMPARTMENT diam * diam * 0.785 { ca free bound }
  LONGITUDINAL_DIFFUSION spread * diam * diam * 0.785 { ca }
  ~ ca << (-ica * 0.16 * diam + 2e-5 * exp((v + 65) / 10))
  ~ ca + free <-> bound (10, 0.02)
  ~ ca -> (0.05)
  cai = ca
}
