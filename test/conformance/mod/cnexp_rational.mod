: cnexp on a form that it cannot solve, a pump that saturates: nocmodl falls back to derivimplicit for the whole block.
: Surprises: 9.
NEURON {
  SUFFIX cnexp_rational
  NONSPECIFIC_CURRENT i
  RANGE vmax, k
}

PARAMETER {
  vmax = 0.3 (mM/ms)
  k = 0.5 (mM)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { c (mM) m }

INITIAL {
  c = 1.5
  m = 0.2
}

BREAKPOINT {
  SOLVE pump METHOD cnexp
  i = 2e-4 * c * m * (v + 20)
}

DERIVATIVE pump {
  c' = -vmax * c / (c + k) + 0.1 / (1 + exp(-(v + 55) / 6))
  m' = (0.5 - m) / 5
}
