: One ion's current both read and written: what is read is the sum of all mechanisms, what is written is added to it.
NEURON {
  SUFFIX ion_read_write_current
  USEION ca READ eca, ica WRITE ica
  RANGE total, own
}

ASSIGNED {
  v (mV)
  eca (mV)
  ica (mA/cm2)
  total (mA/cm2)
  own (mA/cm2)
}

STATE { s }

INITIAL {
  s = 0.2
  total = 0
}

BREAKPOINT {
  SOLVE brake METHOD cnexp
  own = 2e-5 * s * (v - eca)
  ica = own
}

DERIVATIVE brake {
  total = ica
  s' = (0.3 - s - 50 * total) / 10
}
