: A mechanism that writes the reversal potential of an ion itself, and reads it back for a current.
NEURON {
  SUFFIX ion_write_reversal
  USEION na WRITE ena
  USEION k READ ek WRITE ik
  NONSPECIFIC_CURRENT i
  RANGE g
}

PARAMETER { g = 0.0003 (S/cm2) }

ASSIGNED {
  v (mV)
  ek (mV)
  ik (mA/cm2)
  ena (mV)
  i (mA/cm2)
}

INITIAL { ena = 30 }

BREAKPOINT {
  ena = 30 + 10 * sin(t / 3)
  ik = g * (v - ek)
  i = 0.5 * g * (v - ena)
}
