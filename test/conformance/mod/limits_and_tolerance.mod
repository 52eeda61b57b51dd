: Limits of parameters and tolerances of states in angle brackets: they bind panels and other integrators, not this run.
NEURON {
  SUFFIX limits_and_tolerance
  NONSPECIFIC_CURRENT i
  RANGE g, beyond
}

PARAMETER {
  g = 0.0003 (S/cm2) <0, 1e9>
  beyond = 5 <0, 1>
  below = -3 (mV) <-1e2, 1e2>
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE {
  m <1e-5>
  h (1) <1e-7>
}

INITIAL {
  m = 0
  h = 1
}

BREAKPOINT {
  SOLVE gates METHOD cnexp
  i = g * m * h * beyond * (v + 30 + below)
}

DERIVATIVE gates {
  m' = (1 / (1 + exp(-(v + 55) / 6)) - m) / 2
  h' = (1 / (1 + exp((v + 60) / 9)) - h) / 12
}
