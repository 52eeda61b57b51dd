: cnexp goes line by line: an equation sees the new values of the states before it, assignments stand where they stand, and
: a LOCAL of the block lasts to its end.
NEURON {
  SUFFIX cnexp_sequence
  NONSPECIFIC_CURRENT i
  RANGE first, second
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  first
  second
}

STATE { a b c }

INITIAL {
  a = 1
  b = 0
  c = 0
  first = 0
  second = 0
}

BREAKPOINT {
  SOLVE steps METHOD cnexp
  i = 4e-4 * (a + b + c) * (v + 40)
}

DERIVATIVE steps {
  LOCAL u
  u = 1 / (1 + exp(-(v + 60) / 5))
  first = a
  a' = (u - a) / 2
  second = a
  if (second > first) {
    u = u + second
  } else {
    u = u - second
  }
  b' = (u * a - b) / 3
  c' = a + b - c / (1 + u * u)
}
