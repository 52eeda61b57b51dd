: CONSTANT: numbers that nobody can change, beside those of DEFINE, which are whole and serve as lengths and in expressions.
DEFINE COUNT 4
DEFINE LAST 3

NEURON {
  SUFFIX constants
  NONSPECIFIC_CURRENT i
  RANGE weights
}

CONSTANT {
  half = 0.5
  rest = -62 (mV)
  ratio = 1.23456789012345678 (1)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  weights[COUNT]
}

BREAKPOINT {
  FROM j = 0 TO LAST { weights[j] = half / (1 + j) * COUNT / LAST }
  weights[LAST] = weights[LAST] + ratio * v / 100
  i = 1e-4 * (weights[0] + weights[LAST]) * (v - rest)
}
