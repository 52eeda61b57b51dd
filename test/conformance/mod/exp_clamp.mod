: exp gives 0 below -700 and exp(700) above 700, so that products and quotients of it stay finite. Surprises: 6.
NEURON {
  SUFFIX exp_clamp
  NONSPECIFIC_CURRENT i
  RANGE high, low, near
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  high
  low
  near
}

BREAKPOINT {
  high = exp(-11 * (v - 10)) * exp(-699)
  low = exp(700.5 + v) + 1e300 * exp(11 * (v - 10) - 100)
  near = exp(-699 - (v + 65) / 20) * 1e303
  i = 1e-4 * (v + 60) + 1e-5 * log(1 + high) + 1e-6 * log(low) / 100 + 1e-6 * near
}
