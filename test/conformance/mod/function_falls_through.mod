: A FUNCTION in which a compiler sees a path that assigns no result, although no value ever takes it. Surprises: 2.
NEURON {
  SUFFIX function_falls_through
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

BREAKPOINT { i = 2e-4 * stair(v) * (v + 64) }

FUNCTION stair(v (mV)) {
  if (v < -60) { stair = 0.5 }
  if (v >= -60 && v < -50) { stair = 1 + (v + 60) / 20 }
  if (v >= -50) { stair = 1.5 }
}
