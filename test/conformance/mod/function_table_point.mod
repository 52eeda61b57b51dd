: FUNCTION_TABLE in a point process, of something other than the voltage. Surprises: 14.
NEURON {
  POINT_PROCESS function_table_point
  NONSPECIFIC_CURRENT i
  RANGE g
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
}

BREAKPOINT {
  g = 1e-4 * fabs(shape(t - 3)) + 1e-4
  i = g * (v + 10)
}

FUNCTION_TABLE shape(x (ms)) (1)
