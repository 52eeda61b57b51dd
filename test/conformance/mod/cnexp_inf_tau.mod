: The commonest form of cnexp: a gate that goes to its target with a time constant, both functions of the voltage.
NEURON {
  SUFFIX cnexp_inf_tau
  NONSPECIFIC_CURRENT i
  RANGE gbar, e, g, inf, tau
}

UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (S) = (siemens)
}

PARAMETER {
  gbar = 0.002 (S/cm2)
  e = -30 (mV)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  g (S/cm2)
  inf
  tau (ms)
}

STATE { m }

INITIAL {
  rates(v)
  m = inf
}

BREAKPOINT {
  SOLVE states METHOD cnexp
  g = gbar * m * m
  i = g * (v - e)
}

DERIVATIVE states {
  rates(v)
  m' = (inf - m) / tau
}

PROCEDURE rates(v (mV)) {
  inf = 1 / (1 + exp(-(v + 55) / 7))
  tau = 2 + 12 / (1 + exp((v + 50) / 15))
}
