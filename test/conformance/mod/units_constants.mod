: Constants of the table of units, with NEURON's own values: FARADAY, R, the elementary charge, pi, and one that is written
: out in the file. The current is a small difference of them, so that the last digits count.
NEURON {
  SUFFIX units_constants
  NONSPECIFIC_CURRENT i
  RANGE f, r, q, circle, mol, own
}

UNITS {
  F = (faraday) (coulomb)
  FK = (faraday) (kilocoulombs)
  R = (k-mole) (joule/degC)
  QE = (e) (coulomb)
  PI = (pi) (1)
  OWN = 8.31441 (joule/degC)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  f r q circle mol own
}

BREAKPOINT {
  f = F - 96485.3
  r = (R - 8.314) * 1e3
  q = (QE * 1e19 - 1.602) * 1e3
  circle = PI - 3.1415
  mol = (FK * 1e3 - F) * 1e6
  own = (OWN - R) * 1e4
  i = 1e-4 * (v + 60) * (1 + f + r + q + circle + mol + own)
}
