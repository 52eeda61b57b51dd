: UNITSOFF and UNITSON at every place: between blocks, in a body, around a function.
NEURON {
  SUFFIX units_off
  NONSPECIFIC_CURRENT i
  RANGE shift
}

UNITSOFF

PARAMETER { shift = 4 }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m }

UNITSON

INITIAL {
  UNITSOFF
  m = target(v - shift)
  UNITSON
}

BREAKPOINT {
  SOLVE gate METHOD cnexp
  UNITSOFF i = 4e-4 * m * (v + 25) UNITSON
}

DERIVATIVE gate {
  UNITSOFF
  m' = (target(v - shift) - m) / 3
}

FUNCTION target(x) {
  target = 1 / (1 + exp(-(x + 60) / 6))
  UNITSON
}
