: A condition that already holds when it is watched makes no event; it must become false first. Surprises: 16.
NEURON {
  POINT_PROCESS watch_already
  NONSPECIFIC_CURRENT i
  RANGE fired, early, when
}

ASSIGNED {
  v (mV)
  i (nA)
  fired
  early
  when (ms)
}

STATE { wave }

INITIAL {
  fired = 0
  early = 0
  when = -1
  wave = 0.5
  net_send(0.5, 1)
}

BREAKPOINT {
  SOLVE swing
  i = 1e-3 * (1 + fired + 3 * early) * (v + 50)
}

PROCEDURE swing() { wave = 0.5 * cos(t) + 0.001 * (v + 65) }

NET_RECEIVE (w) {
  if (flag == 1) {
    WATCH (wave > 0.2) 2
  } else if (flag == 2) {
    fired = fired + 1
    when = t
    if (t < 4) { early = 1 }
  } else if (flag == 0) {
    early = early + 0.01
  }
}
