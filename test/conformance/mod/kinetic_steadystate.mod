: STEADYSTATE sparse in INITIAL: one step of 1e9 ms, at the voltage and the temperature of the start. Surprises: 11.
NEURON {
  SUFFIX kinetic_steadystate
  NONSPECIFIC_CURRENT i
  RANGE start
}

ASSIGNED {
  v (mV)
  celsius (degC)
  i (mA/cm2)
  start
  q
}

STATE { a b c }

INITIAL {
  q = 2.5^((celsius - 20) / 10)
  a = 1
  b = 0
  c = 0
  SOLVE cycle STEADYSTATE sparse
  start = b
}

BREAKPOINT {
  SOLVE cycle METHOD sparse
  i = 5e-4 * b * (v + 15)
}

KINETIC cycle {
  ~ a <-> b (q * 0.1 * exp((v + 40) / 20), q * 0.2)
  ~ b <-> c (q * 0.05, q * 0.04 * exp(-(v + 40) / 35))
  ~ c <-> a (q * 0.01, q * 0.005)
  CONSERVE a + b + c = 1
}
