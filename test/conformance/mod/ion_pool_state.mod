: A pool of calcium as a state of the name of the ion: the state begins at the ion's concentration and not at the default
: in PARAMETER, and what the pool does is seen by whoever reads the ion. Surprises: 4.
NEURON {
  SUFFIX ion_pool_state
  USEION ca READ ica, cai WRITE cai
  RANGE depth, tau
}

UNITS { F = (faraday) (coulombs) }

PARAMETER {
  depth = 0.1 (um)
  tau = 20 (ms)
  floor0 = 5e-5 (mM)
  celsius = 100 (degC)
}

ASSIGNED { ica (mA/cm2) }

STATE { cai (mM) }

BREAKPOINT { SOLVE pool METHOD cnexp }

DERIVATIVE pool { cai' = -(10000) * ica / (2 * F * depth) - (cai - 0.5 * floor0 * (1 + celsius / 100)) / tau }
