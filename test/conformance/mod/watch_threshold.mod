: WATCH: a condition on the voltage makes an event of its own when it becomes true, and again after it was false.
NEURON {
  POINT_PROCESS watch_threshold
  NONSPECIFIC_CURRENT i
  RANGE on, crossed, last
}

ASSIGNED {
  v (mV)
  i (nA)
  on
  crossed
  last (ms)
}

INITIAL {
  on = 0
  crossed = 0
  last = -1
  net_send(0, 1)
}

BREAKPOINT { i = 1e-3 * (0.2 + on) * (v + 60) - 0.02 * (t > 2 && t < 4) }

NET_RECEIVE (w) {
  if (flag == 1) {
    WATCH (v > -61) 2
  } else if (flag == 2) {
    crossed = crossed + 1
    last = t
    on = 1
    net_send(3.3, 3)
  } else if (flag == 3) {
    on = 0
  }
}
