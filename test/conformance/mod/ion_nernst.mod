: A mechanism that changes concentrations inside and outside, so that NEURON computes the reversal potential anew in each
: step; the current is driven by it.
NEURON {
  SUFFIX ion_nernst
  USEION k READ ik, ek WRITE ki, ko
  NONSPECIFIC_CURRENT i
  RANGE g
}

PARAMETER { g = 0.0004 (S/cm2) }

ASSIGNED {
  v (mV)
  ek (mV)
  ik (mA/cm2)
  i (mA/cm2)
}

STATE {
  ki (mM)
  ko (mM)
}

INITIAL {
  ki = 100
  ko = 5
}

BREAKPOINT {
  SOLVE pools METHOD cnexp
  i = g * (v - ek)
}

DERIVATIVE pools {
  ki' = -ik * 20 + (100 - ki) / 50
  ko' = ik * 5 + (4 + 0.1 * (v + 65) - ko) / 15
}
