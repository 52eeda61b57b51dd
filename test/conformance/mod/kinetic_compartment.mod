: COMPARTMENT: substances in two volumes, fluxes between them in amounts, a buffer that stays in one.
NEURON {
  SUFFIX kinetic_compartment
  USEION ca READ ica WRITE cai
  RANGE core, total
}

PARAMETER {
  shell = 0.2 (um)
  inner = 3 (um)
  total = 0.05 (mM)
}

ASSIGNED {
  ica (mA/cm2)
  core (mM)
}

STATE {
  cai (mM)
  cacore (mM)
  free (mM)
  bound (mM)
}

INITIAL {
  cai = 1e-4
  cacore = 5e-4
  free = 0.9 * total
  bound = 0.1 * total
}

BREAKPOINT {
  SOLVE shells METHOD sparse
  core = cacore
}

KINETIC shells {
  COMPARTMENT shell { cai free bound }
  COMPARTMENT inner { cacore }
  ~ cai <-> cacore (0.3, 0.3)
  ~ cai + free <-> bound (50, 0.2)
  ~ cai << (-ica * 0.0518 + 1e-5)
}
