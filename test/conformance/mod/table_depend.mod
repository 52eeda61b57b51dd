: TABLE with DEPEND: the table is made again when one of its variables has changed, here in the middle of the run.
: Surprises: 13.
NEURON {
  SUFFIX table_depend
  NONSPECIFIC_CURRENT i
  GLOBAL shift, inf
}

PARAMETER { shift = 0 (mV) }

ASSIGNED {
  v (mV)
  celsius (degC)
  dt (ms)
  i (mA/cm2)
  inf
  move
}

STATE { m }

INITIAL {
  shift = 0
  rates(v)
  m = inf
}

BREAKPOINT {
  SOLVE states
  i = 8e-4 * m * (v + 20)
}

PROCEDURE states() {
  if (t > 5) { shift = 8 }
  rates(v)
  m = m + move * (inf - m)
}

PROCEDURE rates(v (mV)) {
  TABLE inf, move DEPEND celsius, dt, shift FROM -90 TO 60 WITH 100
  inf = 1 / (1 + exp(-(v + 50 + shift) / 7))
  move = 1 - exp(-dt * 3^((celsius - 20) / 10) / 4)
}
