: INITIAL that computes from RANGE parameters, and changes one of them: a run begins with what the last one left.
NEURON {
  SUFFIX range_initial
  NONSPECIFIC_CURRENT i
  RANGE tau1, tau2, factor, amount
}

PARAMETER {
  tau1 = 9 (ms)
  tau2 = 4 (ms)
  amount = 1
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  factor
}

STATE { a b }

INITIAL {
  LOCAL peak
  if (tau1 / tau2 > 0.99) { tau1 = 0.5 * tau2 }
  amount = amount * 0.5 + 1
  peak = tau1 * tau2 / (tau2 - tau1) * log(tau2 / tau1)
  factor = 1 / (exp(-peak / tau2) - exp(-peak / tau1))
  a = factor * amount
  b = factor * amount
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = 2e-3 * (b - a) * (v + 10)
}

DERIVATIVE decay {
  a' = -a / tau1
  b' = -b / tau2
}
