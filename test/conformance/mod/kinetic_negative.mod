: A nonlinear scheme that is driven below zero: sparse sets negative states to 0.
: Surprises: 12.
NEURON {
  SUFFIX kinetic_negative
  NONSPECIFIC_CURRENT i
  RANGE drain
}

PARAMETER { drain = 0.4 (/ms) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { a b ab }

INITIAL {
  a = 1
  b = 0.5
  ab = 0
}

BREAKPOINT {
  SOLVE meeting METHOD sparse
  i = 4e-4 * (a + b + ab) * (v + 10)
}

KINETIC meeting {
  ~ a + b <-> ab (2, 0.1)
  ~ a << (-drain)
  ~ b << (0.05 * exp(-v / 100) - 0.1)
}
