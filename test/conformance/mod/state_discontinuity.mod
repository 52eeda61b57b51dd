: state_discontinuity: the old way for an event to set a state, here also for another variable.
NEURON {
  POINT_PROCESS state_discontinuity_
  NONSPECIFIC_CURRENT i
  RANGE jumps
}

ASSIGNED {
  v (mV)
  i (nA)
  jumps
}

STATE { g (uS) }

INITIAL {
  g = 1e-4
  jumps = 0
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * (v + 10)
}

DERIVATIVE decay { g' = -g / 6 }

NET_RECEIVE (w) {
  state_discontinuity(g, g + 1e-3 * (1 + fabs(w)))
  jumps = jumps + 1
}
