: FUNCTION_TABLE: a function that the user gives as a table of values, read by linear interpolation and clamped at its ends.
: A run sets it before it begins. Surprises: 14.
NEURON {
  SUFFIX function_table
  NONSPECIFIC_CURRENT i
  RANGE tau
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  tau (ms)
}

STATE { m }

INITIAL { m = 0.1 }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = 5e-4 * m * (v + 30)
}

DERIVATIVE gate {
  tau = 1 + fabs(slowness(v))
  m' = (1 / (1 + exp(-(v + 57) / 5)) - m) / tau
}

FUNCTION_TABLE slowness(v (mV)) (ms)
