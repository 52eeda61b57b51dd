: Numbers in parentheses as conversion factors: to the arithmetic they are plain numbers, at every place of a product.
NEURON {
  SUFFIX units_factors
  USEION ca READ ica WRITE cai
  NONSPECIFIC_CURRENT i
  RANGE depth
}

UNITS { FARADAY = (faraday) (coulomb) }

PARAMETER { depth = 100 (angstrom) }

ASSIGNED {
  v (mV)
  ica (mA/cm2)
  i (mA/cm2)
}

STATE { cai (mM) }

INITIAL { cai = 2 * (1e-4) }

BREAKPOINT {
  SOLVE pool METHOD cnexp
  i = (1e-7) * (1000) * (v + 55) * 2 (1e3) + (0.01) * cai
}

DERIVATIVE pool { cai' = -ica * (1e6) / (2 * FARADAY) / (depth * (1e-1)) + ((1e-4) - cai) / (8) }
