: INDEPENDENT, as old files have it: t FROM 0 TO 1 WITH 1; and SWEEP before it.
INDEPENDENT { SWEEP t FROM 0 TO 1 WITH 1 (ms) }

NEURON {
  SUFFIX independent_time
  NONSPECIFIC_CURRENT i
  RANGE since
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  since (ms)
}

INITIAL { since = t - 2 }

BREAKPOINT { i = 1e-4 * (v + 60) + 1e-5 * (t - since) }
