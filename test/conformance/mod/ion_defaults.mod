: PARAMETER defaults of what NEURON owns (celsius, ena, cai, diam, ek) are ignored; those of the file's own hold.
: Surprises: 4.
NEURON {
  SUFFIX ion_defaults
  USEION na READ ena WRITE ina
  USEION ca READ cai
  RANGE g, own
}

PARAMETER {
  g = 0.0002 (S/cm2)
  own = 3
  celsius = 99 (degC)
  ena = -500 (mV)
  cai = 77 (mM)
  diam = 1234 (um)
}

ASSIGNED {
  v (mV)
  ina (mA/cm2)
}

BREAKPOINT { ina = g * own * (v - ena) * (1 + celsius / 50) * (1 + cai * 1000) / (1 + diam / 5) }
