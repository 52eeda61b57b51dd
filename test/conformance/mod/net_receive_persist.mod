: What an event assigns to the first argument stays in the connection, also into the next run; the other arguments begin at
: zero, as there is no INITIAL. Surprises: 15.
NEURON {
  POINT_PROCESS net_receive_persist
  NONSPECIFIC_CURRENT i
  RANGE g, count
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
  count
}

INITIAL {
  g = 0
  count = 0
}

BREAKPOINT { i = g * (v + 20) }

NET_RECEIVE (w (uS), n) {
  n = n + 1
  w = w * 0.8 + 0.01
  count = n
  g = 1e-3 * w * n
}
