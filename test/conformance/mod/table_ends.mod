: Beyond its ends a table gives its first and last values. This one is short, so that the voltage leaves it on both sides.
: Surprises: 13.
NEURON {
  SUFFIX table_ends
  NONSPECIFIC_CURRENT i
  RANGE low, high
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  low
  high
}

BREAKPOINT {
  curves(v)
  i = 1e-4 * (low - high) * (v + 61)
}

PROCEDURE curves(v (mV)) {
  TABLE low, high FROM -64 TO -55 WITH 7
  low = exp(-(v + 60) / 5)
  high = (v + 60)^2 / 100
}
