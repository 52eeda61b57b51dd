: TABLE in a FUNCTION, and two tables in one file, one read in the other's making.
NEURON {
  SUFFIX table_function
  NONSPECIFIC_CURRENT i
  GLOBAL width
}

PARAMETER { width = 6 (mV) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m }

INITIAL { m = target(v) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = 5e-4 * m * (v + 30)
}

DERIVATIVE gate { m' = (target(v) - m) / (1 + slowness(v)) }

FUNCTION target(v (mV)) {
  TABLE DEPEND width FROM -100 TO 100 WITH 90
  target = 1 / (1 + exp(-(v + 55) / width))
}

FUNCTION slowness(v (mV)) (ms) {
  TABLE FROM -95 TO 95 WITH 33
  slowness = 8 * target(v) * (1 - target(v)) + 0.5
}
