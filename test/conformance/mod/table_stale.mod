: What a table is made of and DEPEND does not name: a change of it changes nothing any more. Surprises: 13.
NEURON {
  SUFFIX table_stale
  NONSPECIFIC_CURRENT i
  GLOBAL shift, inf, other
}

PARAMETER { shift = 0 (mV) }

ASSIGNED {
  v (mV)
  celsius (degC)
  i (mA/cm2)
  inf
  other
}

INITIAL {
  shift = 0
  other = 0
}

BREAKPOINT {
  SOLVE states
  i = 3e-4 * (inf + 0.01 * other) * (v + 20)
}

PROCEDURE states() {
  if (t > 5) { shift = 8 }
  rates(v)
  other = other + shift
}

PROCEDURE rates(v (mV)) {
  TABLE inf FROM -90 TO 60 WITH 75
  inf = 1 / (1 + exp(-(v + 50 + shift) / (7 + celsius / 100)))
}
