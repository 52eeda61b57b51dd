: The usual guard against 0 / 0: a PROCEDURE that moves v a little. It moves the mechanism's own copy, for the rest of the
: call only.
NEURON {
  SUFFIX assigned_voltage
  NONSPECIFIC_CURRENT i
  RANGE seen
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  seen (mV)
  a (/ms)
}

STATE { m }

INITIAL {
  seen = 0
  rates()
  m = 0.3
}

BREAKPOINT {
  SOLVE states METHOD cnexp
  if (v > -70 && v < -40) { v = v + 0.5 }
  i = 4e-4 * m * (v + 20)
}

DERIVATIVE states {
  rates()
  m' = a * (1 - m) - 0.1 * m
}

PROCEDURE rates() {
  if (fabs(v + 65) < 30) { v = v + 0.1 }
  a = 0.01 * (v + 65) / (1 - exp(-(v + 65) / 10))
  seen = v
}
