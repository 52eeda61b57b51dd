: The plain synapse: an event adds its weight to a state, which decays.
NEURON {
  POINT_PROCESS net_receive_weight
  NONSPECIFIC_CURRENT i
  RANGE tau, e, i
}

PARAMETER {
  tau = 3 (ms) <1e-9, 1e9>
  e = 0 (mV)
}

ASSIGNED {
  v (mV)
  i (nA)
}

STATE { g (uS) }

INITIAL { g = 0 }

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * (v - e)
}

DERIVATIVE decay { g' = -g / tau }

NET_RECEIVE (weight (uS)) { g = g + fabs(weight) * 0.01 }
