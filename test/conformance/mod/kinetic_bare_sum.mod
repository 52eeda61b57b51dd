: A rate that is a bare sum: NEURON pastes it without parentheses into the flux and with a meaning of its own into the
: Jacobian, so that nobody can have meant what comes out. It may be refused. Surprises: 10.
NEURON {
  SUFFIX kinetic_bare_sum
  NONSPECIFIC_CURRENT i
}

PARAMETER {
  slow = 0.01 (/ms)
  fast = 0.1 (/ms)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { r q }

INITIAL {
  r = 1
  q = 0
}

BREAKPOINT {
  SOLVE exchange METHOD sparse
  i = 3e-4 * q * v
}

KINETIC exchange {
  ~ r <-> q (slow + fast, 0.05)
}
