: States that INITIAL does not set begin at what the parameters `name0` say (0 without one), which a file may declare or not.
NEURON {
  SUFFIX state_start
  NONSPECIFIC_CURRENT i
  RANGE h0
}

PARAMETER {
  m0 = 0.25
  h0 = 0.75
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m h k FROM 0 TO 1 }

BREAKPOINT {
  SOLVE gates METHOD cnexp
  i = 5e-4 * (m * h + k) * (v + 15)
}

DERIVATIVE gates {
  m' = (1 / (1 + exp(-(v + 55) / 6)) - m) / 3
  h' = (1 / (1 + exp((v + 60) / 9)) - h) / 12
  k' = (m - k) / 8
}
