: An ion of negative charge by CHARGE, of which inside and outside are read and its current is written.
NEURON {
  SUFFIX ion_negative
  USEION cl READ cli, clo WRITE icl CHARGE -1
  RANGE p
}

UNITS {
  FARADAY = (faraday) (coulomb)
  R = (k-mole) (joule/degC)
}

PARAMETER { p = 4e-4 (S/cm2) }

ASSIGNED {
  v (mV)
  celsius (degC)
  cli (mM)
  clo (mM)
  icl (mA/cm2)
}

BREAKPOINT { icl = p * (v - (1000) * R * (celsius + 273.15) / FARADAY * log((cli + 8) / (clo + 110))) }
