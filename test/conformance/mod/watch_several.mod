: Two conditions in one WATCH, one on a state and the other on the voltage; watching something else ends what was watched.
NEURON {
  POINT_PROCESS watch_several
  NONSPECIFIC_CURRENT i
  RANGE phase, limit, seen
}

PARAMETER { limit = 0.5 }

ASSIGNED {
  v (mV)
  i (nA)
  phase
  seen (ms)
  target
}

STATE { s }

INITIAL {
  phase = 0
  seen = 0
  s = 0
  net_send(0, 1)
}

BREAKPOINT {
  SOLVE fill METHOD cnexp
  i = 1e-3 * s * (v + 40 + 40 * phase)
}

DERIVATIVE fill {
  target = 1
  if (phase >= 1) { target = 0 }
  s' = (target - s) / 3
}

NET_RECEIVE (w) {
  seen = t
  if (flag == 1) {
    WATCH (s > limit) 2, (v > 40) 3
    phase = 0
  }
  if (flag == 2 || flag == 3) {
    WATCH (s < 0.2) 4
    phase = 1
  }
  if (flag == 4) { net_send(1.1, 1) }
  if (flag == 0) { phase = phase + 0.1 }
}
