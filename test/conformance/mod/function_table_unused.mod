: A FUNCTION_TABLE that only hoc looks up, through a FUNCTION: no block of a run does.
NEURON {
  SUFFIX function_table_unused
  NONSPECIFIC_CURRENT i
  RANGE g
}

PARAMETER { g = 0.001 (S/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

BREAKPOINT { i = g * (v + 60) }

FUNCTION_TABLE ft(x)

FUNCTION seen(x) { seen = 2 * ft(x) }
