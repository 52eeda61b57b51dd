: GLOBAL variables: one for all instances; a parameter is only read, an assigned one is written by each in its turn.
NEURON {
  SUFFIX global_written
  NONSPECIFIC_CURRENT i
  RANGE own
  GLOBAL inf, scale
}

PARAMETER { scale = 2e-4 (S/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
  own
  inf
}

STATE { m }

INITIAL {
  inf = 0.3
  own = 0
  m = 0
}

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = scale * m * (v + 30)
}

DERIVATIVE gate {
  own = inf
  inf = 1 / (1 + exp(-(v + 58) / 6))
  m' = (0.5 * (own + inf) - m) / 3
}
