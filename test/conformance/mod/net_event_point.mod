: A point process that is a source of events as well: each external event makes one now and one later.
NEURON {
  POINT_PROCESS net_event_point
  NONSPECIFIC_CURRENT i
  RANGE g, made
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
  made
}

INITIAL {
  g = 0.001
  made = 0
}

BREAKPOINT { i = g * (v + 70) }

NET_RECEIVE (w) {
  made = made + 1
  if (flag == 0) {
    net_event(t)
    g = g * 0.5
    net_send(2.3, 7)
  }
  if (flag == 7) {
    net_event(t)
    g = 0.002
  }
}
