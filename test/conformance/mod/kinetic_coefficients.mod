: Reactions of higher order: two of one kind make one of another, three meet, and CONSERVE counts each with its number.
NEURON {
  SUFFIX kinetic_coefficients
  NONSPECIFIC_CURRENT i
  RANGE total
}

PARAMETER { total = 2 (mM) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE {
  mono (mM)
  dimer (mM)
  large (mM)
}

INITIAL {
  mono = total
  dimer = 0
  large = 0
}

BREAKPOINT {
  SOLVE binding METHOD sparse
  i = 4e-4 * (dimer + 2 * large) * (v - 5)
}

KINETIC binding {
  ~ 2 mono <-> dimer (0.2, 0.05 * exp(v / 60))
  ~ dimer + mono <-> large (0.1, 0.03)
  CONSERVE mono + 2 dimer + 3 large = total
}
