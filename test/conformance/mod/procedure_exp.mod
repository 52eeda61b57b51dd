: An integration step written by hand: a PROCEDURE that SOLVE names without a method, with exp(dt) and dt of its own.
NEURON {
  SUFFIX procedure_exp
  NONSPECIFIC_CURRENT i
  RANGE gbar, m, h
}

PARAMETER { gbar = 0.004 (S/cm2) }

ASSIGNED {
  v (mV)
  dt (ms)
  i (mA/cm2)
  minf
  mexp
  hinf
  hexp
}

STATE { m h }

INITIAL {
  rates(v)
  m = minf
  h = hinf
}

BREAKPOINT {
  SOLVE states
  i = gbar * m * h * (v - 30)
}

PROCEDURE states() {
  rates(v)
  m = m + mexp * (minf - m)
  h = h + hexp * (hinf - h)
}

PROCEDURE rates(v (mV)) {
  minf = 1 / (1 + exp(-(v + 45) / 6))
  hinf = 1 / (1 + exp((v + 60) / 8))
  mexp = 1 - exp(-dt / 0.8)
  hexp = 1 - exp(-dt / (3 + 20 * hinf))
}
