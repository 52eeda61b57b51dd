: A concentration that is no state but assigned: it is copied to the ion after each step, and before the first one.
NEURON {
  SUFFIX ion_pool_assigned
  USEION ca READ ica WRITE cai
  RANGE load
}

ASSIGNED {
  v (mV)
  ica (mA/cm2)
  cai (mM)
}

STATE { load }

INITIAL {
  load = 1
  cai = 2e-4
}

BREAKPOINT {
  SOLVE fill METHOD cnexp
}

DERIVATIVE fill {
  load' = -ica * 100 + 0.01 * (v + 70) - load / 12
  cai = 1e-4 * (1 + load * load)
}
