: A linear scheme that is driven below zero: sparse leaves the states of linear schemes negative. Surprises: 12.
NEURON {
  SUFFIX kinetic_negative_linear
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { low other }

INITIAL {
  low = 0.1
  other = 0
}

BREAKPOINT {
  SOLVE falling METHOD sparse
  i = 1e-4 * (low + 2 * other) * (v + 10)
}

KINETIC falling {
  ~ low << (-0.02 * exp(v / 80))
  ~ low <-> other (0.05, 0.01)
}
