: A calcium current by the Goldman-Hodgkin-Katz equation, with a function that avoids 0 / 0.
NEURON {
  SUFFIX ion_ghk
  USEION ca READ cai, cao WRITE ica
  RANGE pbar
}

UNITS {
  (molar) = (/liter)
  (mM) = (millimolar)
  F = 96485 (coul)
  R = 8.3145 (joule/degC)
}

PARAMETER { pbar = 4e-5 (cm/s) }

ASSIGNED {
  v (mV)
  celsius (degC)
  cai (mM)
  cao (mM)
  ica (mA/cm2)
}

STATE { m }

INITIAL { m = 1 / (1 + exp(-(v + 45) / 8)) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  ica = pbar * m * m * ghk(v, cai, cao)
}

DERIVATIVE gate { m' = (1 / (1 + exp(-(v + 45) / 8)) - m) / 1.7 }

FUNCTION ghk(v (mV), ci (mM), co (mM)) (.001 coul/cm3) {
  LOCAL z
  z = (0.001) * 2 * F * v / (R * (celsius + 273.15))
  ghk = (.001) * 2 * F * (ci * efun(-z) - co * efun(z))
}

FUNCTION efun(z) {
  if (fabs(z) < 1e-4) {
    efun = 1 - z / 2
  } else {
    efun = z / (exp(z) - 1)
  }
}
