: A leak whose conductance and reversal potential are its own.
NEURON {
  SUFFIX ownleak
  NONSPECIFIC_CURRENT i
  RANGE g, e
}
PARAMETER {
  g = 1e-5
  e = -70
}
ASSIGNED { v i }
BREAKPOINT { i = g * (v - e) }
