: Functions that call functions, arguments that have the names of variables and are changed inside, a PROCEDURE that calls
: another one, a call as a statement and a call as an argument.
NEURON {
  SUFFIX functions_nested
  NONSPECIFIC_CURRENT i
  RANGE a, b, total
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  a
  b
  total
}

INITIAL {
  total = 0
  both(v)
}

BREAKPOINT {
  both(v)
  i = 1e-4 * (a + b) * (v + 55)
  total = larger(total, larger(a, b))
}

PROCEDURE both(v (mV)) {
  one(v)
  b = squeezed(v / 10, 0.5) - squeezed(squeezed(v / 10, 0.2), 0.1)
}

PROCEDURE one(x) {
  LOCAL b
  x = x + 60
  b = x / 20
  a = squeezed(b, 1) + x / 100
}

FUNCTION squeezed(x, steepness) {
  steepness = steepness * 2
  squeezed = 1 / (1 + exp(-x * steepness))
}

FUNCTION larger(a, b) {
  if (a > b) {
    larger = a
  } else {
    larger = b
  }
}
