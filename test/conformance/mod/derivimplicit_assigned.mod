: Three equations under derivimplicit, with an assignment between them to a variable that is read there, and terms of the
: second order.
NEURON {
  SUFFIX derivimplicit_assigned
  NONSPECIFIC_CURRENT i
  RANGE k, total
}

PARAMETER { k = 0.4 (/ms) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
  total
}

STATE { s p w }

INITIAL {
  s = 0.6
  p = 0.3
  w = 0.1
}

BREAKPOINT {
  SOLVE mixture METHOD derivimplicit
  i = 5e-4 * (s + w) * (v - 10)
}

DERIVATIVE mixture {
  total = s + p + w
  s' = -k * s * p + 0.05 * w
  p' = k * s * p - 0.2 * p * exp(v / 50)
  w' = 0.2 * p * exp(v / 50) - 0.05 * w + 0.01 * (1 - total)
}
