: A mechanism that lists celsius makes it a variable of its own, which stays what the file says, whatever the temperature is.
NEURON {
  SUFFIX global_celsius
  NONSPECIFIC_CURRENT i
  RANGE q
  GLOBAL celsius
}

PARAMETER { celsius = 21 (degC) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
  q
}

INITIAL { q = 0 }

BREAKPOINT {
  q = 1 / (1 + exp(-(v + 40) / (8 + celsius / 30)))
  i = 2e-4 * q * (v + 70)
}
