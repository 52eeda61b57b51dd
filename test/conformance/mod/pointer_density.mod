: POINTER in a density mechanism: what it points at is read and, in a state step, also written in a PROCEDURE's LOCAL copy.
NEURON {
  SUFFIX pointer_density
  NONSPECIFIC_CURRENT i
  POINTER far
  RANGE ratio
}

ASSIGNED {
  v (mV)
  far (mV)
  i (mA/cm2)
  ratio
}

INITIAL { ratio = 1 }

BREAKPOINT {
  SOLVE look
  i = 1e-4 * ratio * (v - far) + 5e-5 * (v + 60)
}

PROCEDURE look() {
  LOCAL x
  x = far
  x = x + 80
  ratio = 0.5 + x / (40 + fabs(x))
}
