: A current with no state at all: a leak that rectifies, and no INITIAL block either.
NEURON {
  SUFFIX no_solve
  NONSPECIFIC_CURRENT il
  RANGE gl, el, rect
}

PARAMETER {
  gl = 0.0005 (S/cm2)
  el = -58 (mV)
  rect = 0.03 (/mV)
}

ASSIGNED {
  v (mV)
  il (mA/cm2)
}

BREAKPOINT { il = gl * (v - el) / (1 + exp(-rect * (v - el))) }
