: Several arguments and an INITIAL block inside: depression and facilitation kept in each connection, with its last time.
NEURON {
  POINT_PROCESS net_receive_arguments
  NONSPECIFIC_CURRENT i
  RANGE u0, taur, tauf, g, used
}

PARAMETER {
  u0 = 0.3
  taur = 30 (ms)
  tauf = 50 (ms)
}

ASSIGNED {
  v (mV)
  i (nA)
  used
}

STATE { g (uS) }

INITIAL {
  g = 0
  used = 0
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * v
}

DERIVATIVE decay { g' = -g / 5 }

NET_RECEIVE (w (uS), left, u, before (ms)) {
  LOCAL since
  INITIAL {
    left = 1
    u = u0
    before = t
  }
  since = t - before
  left = 1 - (1 - left) * exp(-since / taur)
  u = u0 + (u - u0) * exp(-since / tauf)
  used = left * u
  g = g + 0.02 * w * used
  left = left - used
  u = u + u0 * (1 - u)
  before = t
}
