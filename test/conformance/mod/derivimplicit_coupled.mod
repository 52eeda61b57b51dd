: Two nonlinear equations that hang together, by Newton's method: a FitzHugh-Nagumo oscillator that the voltage disturbs.
NEURON {
  SUFFIX derivimplicit_coupled
  NONSPECIFIC_CURRENT i
  RANGE drive, slow
}

PARAMETER {
  drive = 0.5
  slow = 0.08 (/ms)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { x w }

INITIAL {
  x = -1
  w = -0.5
}

BREAKPOINT {
  SOLVE oscillator METHOD derivimplicit
  i = 0.0005 * (x + 2) * (v + 50)
}

DERIVATIVE oscillator {
  x' = x - x * x * x / 3 - w + drive + 0.01 * (v + 65)
  w' = slow * (x + 0.7 - 0.8 * w)
}
