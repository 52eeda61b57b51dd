: DISCRETE: a map from step to step. NEURON adds dt to the time of everybody at each call, so it may be refused.
: Surprises: 5.
NEURON {
  SUFFIX discrete_block
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { x }

INITIAL { x = 0.3 }

BREAKPOINT {
  SOLVE map
  i = 1e-4 * x * (v + 50)
}

DISCRETE map {
  x = 3.7 * x * (1 - x)
}
