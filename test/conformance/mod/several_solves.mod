: Two blocks solved one after the other by different methods, between assignments, and a third under a condition in a
: PROCEDURE's body.
NEURON {
  SUFFIX several_solves
  NONSPECIFIC_CURRENT i
  RANGE between
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  between
}

STATE { a b c d }

INITIAL {
  a = 0.1
  b = 0.2
  c = 0
  between = 0
}

BREAKPOINT {
  SOLVE first METHOD cnexp
  SOLVE second METHOD sparse
  SOLVE third
  i = 3e-4 * (a + b + c) * (v + 20)
}

DERIVATIVE first { a' = (1 / (1 + exp(-(v + 57) / 5)) - a) / 3 }

KINETIC second {
  ~ b <-> d (a, 0.3)
}

PROCEDURE third() {
  between = a + b
  if (between > 0.4) {
    c = c + 0.01 * (between - c)
  } else {
    c = c * 0.99
  }
}
