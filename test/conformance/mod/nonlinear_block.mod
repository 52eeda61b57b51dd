: NONLINEAR: simultaneous equations that Newton's method solves, from where it stood.
NEURON {
  SUFFIX nonlinear_block
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { x w }

INITIAL {
  x = 0.5
  w = 0.5
  SOLVE root
}

BREAKPOINT {
  SOLVE root
  i = 2e-4 * (x + w) * (v + 25)
}

NONLINEAR root {
  LOCAL drive
  drive = 1 + 1 / (1 + exp(-(v + 50) / 10))
  ~ x * x + w * w = drive
  ~ exp(x) - 2 * w = 0.1 * drive
}
