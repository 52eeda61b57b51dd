: The size of the segment: area and diam are NEURON's, in square and plain micrometres.
NEURON {
  SUFFIX area_and_diam
  NONSPECIFIC_CURRENT i
  RANGE small
}

PARAMETER {
  area (um2)
  diam (um)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  small
}

INITIAL { small = area / diam }

BREAKPOINT { i = 1e-4 * (v + 55) * (1 + diam / 10 + area / 1000) / (1 + small / 100) }
