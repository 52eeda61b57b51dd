: TABLE: a PROCEDURE whose results are read from a table by linear interpolation. Ten steps only, so that it shows.
: Surprises: 13.
NEURON {
  SUFFIX table_plain
  NONSPECIFIC_CURRENT i
  GLOBAL inf, tau
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  inf
  tau (ms)
}

STATE { m }

INITIAL {
  rates(v)
  m = inf
}

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = 8e-4 * m * (v + 20)
}

DERIVATIVE gate {
  rates(v)
  m' = (inf - m) / tau
}

PROCEDURE rates(v (mV)) {
  TABLE inf, tau FROM -100 TO 50.5 WITH 10
  inf = 1 / (1 + exp(-(v + 52) / 6))
  tau = 1 + 10 * exp(-((v + 50) / 30)^2)
}
