: Units behind numbers and arguments, in many spellings: they say nothing to the arithmetic.
NEURON {
  SUFFIX units_expressions
  NONSPECIFIC_CURRENT i
  RANGE gbar
}

UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (mM) = (milli/liter)
  (molar) = (1/liter)
  (uM) = (micro/liter)
  (um) = (micron)
  (pS) = (picosiemens)
}

PARAMETER {
  gbar = 3 (pS/um2)
  vhalf = -56 (mV)
  slope = 6 (mV)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m (1) }

INITIAL { m = 0 (1) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = (1e-4) * gbar * m * (v + 20 (mV))
}

DERIVATIVE gate { m' = (target(v) - m) / (2 (ms) + 3 (ms) * target(v)) }

FUNCTION target(v (mV)) (1) { target = 1 (/mV-ms) * 1.5 (mV) / (1.5 + 1.5 (mV/ms) * exp(-(v - vhalf) / slope)) }
