: A point process that injects a current: ELECTRODE_CURRENT has the other sign and is in nA. It depends on the voltage.
NEURON {
  POINT_PROCESS electrode_current
  ELECTRODE_CURRENT i
  RANGE amp, period, i
}

UNITS { (nA) = (nanoamp) }

PARAMETER {
  amp = 0.05 (nA)
  period = 7 (ms) <1, 100>
  PI = 3.14159 (1)
}

ASSIGNED {
  v (mV)
  i (nA)
}

BREAKPOINT { i = amp * sin(2 * PI * t / period) - 1e-4 * (v + 65) }
