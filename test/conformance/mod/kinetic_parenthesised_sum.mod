: Rates that are sums, in parentheses as nearly all files have them, and products and quotients without.
NEURON {
  SUFFIX kinetic_parenthesised_sum
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

STATE { r q s }

INITIAL {
  r = 1
  q = 0
  s = 0
}

BREAKPOINT {
  SOLVE exchange METHOD sparse
  i = 3e-4 * (q + 2 * s) * v
}

KINETIC exchange {
  ~ r <-> q ((slow + fast), 0.05)
  ~ q <-> s (fast * exp(v / 40) / 2, (fast - slow) * 0.5)
}
