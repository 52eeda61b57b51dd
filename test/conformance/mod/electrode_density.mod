: ELECTRODE_CURRENT in a density mechanism, in mA/cm2.
NEURON {
  SUFFIX electrode_density
  ELECTRODE_CURRENT i
  RANGE amp
}

PARAMETER { amp = 0.002 (mA/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

BREAKPOINT {
  if (t >= 2 && t < 9) {
    i = amp
  } else {
    i = -2e-5 * (v + 65)
  }
}
