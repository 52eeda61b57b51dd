: A POINT_PROCESS without NET_RECEIVE: a NetCon that starts at it fires where its variable x comes above 10.
NEURON {
  POINT_PROCESS watched_x
  NONSPECIFIC_CURRENT i
  RANGE x, every
}

PARAMETER { every = 7.3 (ms) }

ASSIGNED {
  v (mV)
  i (nA)
  x
}

INITIAL { x = -90 }

BREAKPOINT {
  SOLVE pulses
  i = 1e-3 * (v + 60)
}

PROCEDURE pulses() {
  IF (fmod(t, every) < 1) { x = 50 } ELSE { x = -90 }
}
