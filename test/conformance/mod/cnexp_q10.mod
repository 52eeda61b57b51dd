: Temperature: rates three times as fast for every 10 degC, with the factor computed once in INITIAL; celsius is NEURON's.
NEURON {
  SUFFIX cnexp_q10
  USEION k READ ek WRITE ik
  RANGE gbar
  GLOBAL q10
}

PARAMETER {
  gbar = 0.003 (S/cm2)
  q10 = 3
}

ASSIGNED {
  v (mV)
  celsius (degC)
  ek (mV)
  ik (mA/cm2)
  speed
}

STATE { n }

INITIAL {
  speed = q10^((celsius - 23) / 10)
  n = target(v)
}

BREAKPOINT {
  SOLVE gate METHOD cnexp
  ik = gbar * n^4 * (v - ek)
}

DERIVATIVE gate { n' = speed * (target(v) - n) / (1.5 + 20 / (1 + exp((v + 30) / 12))) }

FUNCTION target(v (mV)) { target = 1 / (1 + exp((-45 - v) / 11)) }
