: Tables of arrays: a PROCEDURE fills the elements, each gets a table. And a FUNCTION that is no table reads them.
NEURON {
  SUFFIX table_array
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  inf[2]
  tau[2] (ms)
}

STATE { m h }

INITIAL {
  rates(v)
  m = inf[0]
  h = inf[1]
}

BREAKPOINT {
  SOLVE gates METHOD cnexp
  i = 4e-3 * m * h * (v - 30)
}

DERIVATIVE gates {
  rates(v)
  m' = (inf[0] - m) / tau[0]
  h' = (inf[1] - h) / tau[1]
}

PROCEDURE rates(v (mV)) {
  TABLE inf, tau FROM -100 TO 100 WITH 200
  FROM j = 0 TO 1 {
    inf[j] = 1 / (1 + exp((v + 45 + 15 * j) / (14 * j - 7)))
    tau[j] = 0.5 + 6 * j + 3 * inf[j]
  }
}
