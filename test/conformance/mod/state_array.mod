: A state array of a length by DEFINE, that a PROCEDURE without a method advances: NEURON compiles no arrays in DERIVATIVE.
DEFINE PARTS 3

NEURON {
  SUFFIX state_array
  NONSPECIFIC_CURRENT i
  RANGE tau, last
}

PARAMETER { tau = 4 (ms) }

ASSIGNED {
  v (mV)
  dt (ms)
  i (mA/cm2)
  last[PARTS]
}

STATE { a[PARTS] }

INITIAL {
  FROM j = 0 TO PARTS - 1 {
    a[j] = j / 10
    last[j] = 0
  }
}

BREAKPOINT {
  LOCAL sum
  SOLVE chain
  sum = 0
  FROM j = 0 TO PARTS - 1 { sum = sum + (j + 1) * a[j] }
  i = 2e-4 * sum * (v + 30)
}

PROCEDURE chain() {
  LOCAL above, k
  k = 1 - exp(-dt / tau)
  above = 1 / (1 + exp(-(v + 50) / 8))
  FROM j = 0 TO PARTS - 1 {
    last[j] = a[j]
    a[j] = a[j] + k * (above - a[j])
    above = last[j]
  }
}
