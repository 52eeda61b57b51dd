: cnexp with opening and closing rates in the equation itself, in three ways of writing the same: the rounding differs.
NEURON {
  SUFFIX cnexp_alpha_beta
  NONSPECIFIC_CURRENT i
  RANGE gbar, i, alpha, beta
}

PARAMETER { gbar = 0.0004 (S/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
  alpha (/ms)
  beta (/ms)
}

STATE { m n p }

INITIAL {
  rates(v)
  m = alpha / (alpha + beta)
  n = 0
  p = 1
}

BREAKPOINT {
  SOLVE gates METHOD cnexp
  i = gbar * (m + 2 * n + 3 * p) * (v + 20)
}

DERIVATIVE gates {
  rates(v)
  m' = alpha * (1 - m) - beta * m
  n' = alpha - (alpha + beta) * n
  p' = (-p * beta + (1 - p) * alpha) / 3
}

PROCEDURE rates(v (mV)) {
  alpha = 0.05 * exp((v + 60) / 20)
  beta = 0.1 * exp(-(v + 60) / 30)
}
