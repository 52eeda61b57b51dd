: Reads the currents of several ions, which are those of the step before, and answers with a current of its own.
NEURON {
  SUFFIX ion_read_current
  USEION na READ ina
  USEION k READ ik
  USEION ca READ ica
  NONSPECIFIC_CURRENT i
  RANGE seen
}

ASSIGNED {
  v (mV)
  ina (mA/cm2)
  ik (mA/cm2)
  ica (mA/cm2)
  i (mA/cm2)
  seen (mA/cm2)
}

STATE { trace }

INITIAL {
  seen = 0
  trace = 0
}

BREAKPOINT {
  SOLVE follow METHOD cnexp
  i = 1e-4 * (v + 60) + 0.1 * trace
}

DERIVATIVE follow {
  seen = ina + ik + ica
  trace' = (seen - trace) / 3
}
