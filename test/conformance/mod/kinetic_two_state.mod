: KINETIC with two states and CONSERVE, rates of the voltage by a PROCEDURE inside the block, solved by sparse.
NEURON {
  SUFFIX kinetic_two_state
  NONSPECIFIC_CURRENT i
  RANGE gbar, a, b
}

PARAMETER { gbar = 0.001 (S/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
  a (/ms)
  b (/ms)
}

STATE { closed open }

INITIAL {
  rates(v)
  open = a / (a + b)
  closed = 1 - open
}

BREAKPOINT {
  SOLVE channel METHOD sparse
  i = gbar * open * (v - 20)
}

KINETIC channel {
  rates(v)
  ~ closed <-> open (a, b)
  CONSERVE closed + open = 1
}

PROCEDURE rates(v (mV)) {
  a = 0.3 * exp((v + 50) / 15)
  b = 0.4 * exp(-(v + 50) / 25)
}
