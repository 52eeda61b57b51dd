: Reads a concentration and the reversal potential that NEURON computes from it (ions of another mechanism's making or of
: constant concentration), and computes one of its own.
NEURON {
  SUFFIX ion_nernst_read
  USEION na READ ena, nai, nao WRITE ina
  RANGE g, mine
}

UNITS {
  FARADAY = (faraday) (coulomb)
  R = (k-mole) (joule/degC)
}

PARAMETER { g = 0.0002 (S/cm2) }

ASSIGNED {
  v (mV)
  celsius (degC)
  ena (mV)
  nai (mM)
  nao (mM)
  ina (mA/cm2)
  mine (mV)
}

BREAKPOINT {
  mine = (1e3) * R * (celsius + 273.15) / FARADAY * log(nao / nai)
  ina = g * (v - ena) + 0.3 * g * (v - mine)
}
