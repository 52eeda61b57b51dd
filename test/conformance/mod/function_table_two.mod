: A FUNCTION_TABLE of two arguments that is set to one number.
NEURON {
  SUFFIX function_table_two
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m }

INITIAL { m = rate(v, 0) }

BREAKPOINT {
  SOLVE states METHOD cnexp
  i = 3e-4 * m * (v + 60)
}

DERIVATIVE states { m' = rate(v, m) - m / 5 }

FUNCTION_TABLE rate(v (mV), x)
