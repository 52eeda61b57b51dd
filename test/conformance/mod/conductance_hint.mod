: CONDUCTANCE: a hint that the slope of the current is a variable of the file. NEURON's fixed step computes it numerically.
NEURON {
  SUFFIX conductance_hint
  NONSPECIFIC_CURRENT i
  USEION k READ ek WRITE ik
  RANGE g, gk
}

ASSIGNED {
  v (mV)
  ek (mV)
  i (mA/cm2)
  ik (mA/cm2)
  g (S/cm2)
  gk (S/cm2)
}

STATE { m }

INITIAL { m = 0.1 }

BREAKPOINT {
  CONDUCTANCE g
  CONDUCTANCE gk USEION k
  SOLVE gate METHOD cnexp
  g = 1e-4 + 1e-4 * m
  gk = 2e-4 * m
  i = g * (v + 55)
  ik = gk * (v - ek)
}

DERIVATIVE gate { m' = (1 / (1 + exp(-(v + 60) / 6)) - m) / 4 }
