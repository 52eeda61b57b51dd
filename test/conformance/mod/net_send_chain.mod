: Events that a point process sends to itself: an external one (flag 0) starts a chain with other flags and delays, one of
: which is shorter than the step.
NEURON {
  POINT_PROCESS net_send_chain
  NONSPECIFIC_CURRENT i
  RANGE state, last
}

ASSIGNED {
  v (mV)
  i (nA)
  state
  last (ms)
}

INITIAL {
  state = 0
  last = 0
  net_send(1.5, 3)
}

BREAKPOINT { i = 2e-3 * state * (v + 20) }

NET_RECEIVE (w) {
  last = t
  if (flag == 0) {
    state = state + 0.3 + fabs(w)
    net_send(0.7, 1)
  } else if (flag == 1) {
    state = state / 2
    net_send(0.004, 2)
  } else if (flag == 2) {
    state = state + 0.05
  } else {
    state = state + 1
    net_send(4 - state / (1 + state), flag)
  }
}
