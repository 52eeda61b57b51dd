: cnexp on an equation that is a polynomial of its state: NEURON takes the derivative for the rate and 0 for the target, and
: says nothing. The same is done here, with a warning. Surprises: 9.
NEURON {
  SUFFIX cnexp_polynomial
  NONSPECIFIC_CURRENT i
  RANGE rate
}

PARAMETER { rate = 0.2 (/ms) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m n }

INITIAL {
  m = 0.4
  n = 0.1
}

BREAKPOINT {
  SOLVE growth METHOD cnexp
  i = 3e-4 * (m + n) * (v + 10)
}

DERIVATIVE growth {
  m' = rate * (1 - m) * m
  n' = n * (0.02 - n) - 0.001 * (v + 65)
}
