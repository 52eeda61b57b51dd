: One nonlinear equation by Newton's method: calcium inside that a current fills and a saturating pump empties.
NEURON {
  SUFFIX derivimplicit_single
  USEION ca READ ica WRITE cai
  RANGE depth, vmax, km
}

UNITS {
  (mM) = (milli/liter)
  F = (faraday) (coulomb)
}

PARAMETER {
  depth = 0.1 (um)
  vmax = 0.002 (mM/ms)
  km = 0.0005 (mM)
  resting = 1e-4 (mM)
}

ASSIGNED { ica (mA/cm2) }

STATE { cai (mM) }

INITIAL { cai = 3 * resting }

BREAKPOINT { SOLVE pool METHOD derivimplicit }

DERIVATIVE pool {
  cai' = -(10000) * ica / (2 * F * depth) - vmax * cai / (cai + km) + vmax * resting / (resting + km)
}
