: A point process with currents of an ion and of none; NEURON scales them by the area of the segment.
NEURON {
  POINT_PROCESS point_currents
  USEION ca READ eca WRITE ica
  NONSPECIFIC_CURRENT i
  RANGE g, share
}

PARAMETER {
  g = 0.002 (uS)
  share = 0.1
}

ASSIGNED {
  v (mV)
  eca (mV)
  ica (nA)
  i (nA)
}

STATE { b }

INITIAL { b = 0.2 }

BREAKPOINT {
  SOLVE block METHOD cnexp
  ica = share * g * b * (v - eca)
  i = (1 - share) * g * b * (v + 5)
}

DERIVATIVE block { b' = (1 / (1 + 0.3 * exp(-0.06 * v)) - b) / 2 }
