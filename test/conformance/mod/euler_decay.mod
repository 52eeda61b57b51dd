: The explicit method: each state grows by dt times its slope, and all slopes are of the old values.
NEURON {
  SUFFIX euler_decay
  NONSPECIFIC_CURRENT i
  RANGE tau
}

PARAMETER { tau = 3 (ms) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { a b c d }

INITIAL {
  a = 1
  b = 0
  c = 0.2
  d = 0.4
}

BREAKPOINT {
  SOLVE slopes METHOD euler
  i = 3e-4 * (a + b + c - d) * (v + 20)
}

DERIVATIVE slopes {
  a' = -a / tau + 0.002 * (v + 65)
  b' = (a - b) / tau
  c' = 0.2 * b - 0.3 * c - 0.1 * d
  d' = 0.3 * c - 0.2 * d - 0.05 * a
}
