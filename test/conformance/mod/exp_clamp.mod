: exp gives 0 below -700 and exp(700) above 700: the voltage takes its argument far beyond both. Surprises: 6.
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
  high = exp(-40 * (v + 45)) * exp(-699)
  low = exp(-40 * (v + 80)) * 1e300
  near = exp(-698 - (v + 65) / 20) * 1e303
  i = 1e-4 * (v + 60) + 1e-5 * log(1e-300 + high) / 100 + 1e-5 * log(1e-300 + low) / 100 + 1e-6 * near
}
