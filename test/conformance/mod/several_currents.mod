: Several currents: two of ions, two of none; the order in which they are summed is that of their statements.
NEURON {
  SUFFIX several_currents
  NONSPECIFIC_CURRENT il, ih
  USEION k READ ek WRITE ik
  USEION ca READ eca WRITE ica
  RANGE g
}

PARAMETER { g = 0.0002 (S/cm2) }

ASSIGNED {
  v (mV)
  ek (mV)
  eca (mV)
  ik (mA/cm2)
  ica (mA/cm2)
  il (mA/cm2)
  ih (mA/cm2)
}

STATE { h }

INITIAL { h = 1 / (1 + exp((v + 80) / 8)) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  ica = 0.01 * g * (v - eca)
  il = g * (v + 62)
  ik = 0.3 * g * (v - ek)
  ih = 1.7 * g * h * (v + 30)
}

DERIVATIVE gate { h' = (1 / (1 + exp((v + 80) / 8)) - h) / 15 }
