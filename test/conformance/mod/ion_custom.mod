: Ions of one's own: one with a VALENCE that is written and whose reversal is read, one without a charge that only carries a
: concentration, which another mechanism could read.
NEURON {
  SUFFIX ion_custom
  USEION zz READ ezz WRITE izz VALENCE 2
  USEION msg READ msgi WRITE msgi VALENCE 0
  RANGE g
}

PARAMETER { g = 0.0003 (S/cm2) }

ASSIGNED {
  v (mV)
  ezz (mV)
  izz (mA/cm2)
}

STATE { msgi (mM) }

INITIAL { msgi = 0.5 }

BREAKPOINT {
  SOLVE messenger METHOD cnexp
  izz = g * msgi * (v - ezz + 20)
}

DERIVATIVE messenger { msgi' = (1 / (1 + exp(-(v + 55) / 6)) - msgi) / 5 }
