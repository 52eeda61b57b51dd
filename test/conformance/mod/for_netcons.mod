: FOR_NETCONS: an event walks over all connections that come here, reads and changes their numbers.
NEURON {
  POINT_PROCESS for_netcons
  NONSPECIFIC_CURRENT i
  RANGE g, sum
}

ASSIGNED {
  v (mV)
  i (nA)
  sum
}

STATE { g (uS) }

INITIAL {
  g = 0
  sum = 0
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * v
}

DERIVATIVE decay { g' = -g / 4 }

NET_RECEIVE (w, fatigue, number) {
  INITIAL {
    fatigue = 1
    number = 0
  }
  number = number + 1
  fatigue = fatigue * 0.7
  g = g + 1e-3 * (0.2 + fabs(w)) * fatigue
  sum = 0
  FOR_NETCONS (w1, fatigue1, number1) {
    sum = sum + fatigue1 * number1
    fatigue1 = fatigue1 + 0.1 * (1 - fatigue1)
  }
}
