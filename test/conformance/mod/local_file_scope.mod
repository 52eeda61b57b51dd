: LOCAL at file scope: one number for all instances, which so hear of each other, in their order. Surprises: 3.
LOCAL shared, turns, history[3]

NEURON {
  SUFFIX local_file_scope
  NONSPECIFIC_CURRENT i
  RANGE heard
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  heard
}

INITIAL {
  shared = 0
  turns = 0
  heard = 0
  FROM j = 0 TO 2 { history[j] = 0 }
}

BREAKPOINT {
  SOLVE listen
  i = 1e-4 * (v + 60) + 1e-6 * heard
}

PROCEDURE listen() {
  heard = shared + 0.1 * history[2]
  history[2] = history[1]
  history[1] = history[0]
  history[0] = v
  shared = 0.9 * shared + 0.1 * v
  turns = turns + 1
  heard = heard + sin(turns)
}
