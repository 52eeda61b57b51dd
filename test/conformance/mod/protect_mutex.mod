: PROTECT, MUTEXLOCK and MUTEXUNLOCK guard what threads share; one thread does the same without them.
NEURON {
  SUFFIX protect_mutex
  NONSPECIFIC_CURRENT i
  GLOBAL total
  RANGE seen
  THREADSAFE
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  total
  seen
}

INITIAL {
  total = 0
  seen = 0
}

BREAKPOINT {
  SOLVE count
  i = 1e-4 * (v + 60) + 1e-7 * seen
}

PROCEDURE count() {
  PROTECT total = total + 1
  MUTEXLOCK
  seen = total + 0.1 * v
  MUTEXUNLOCK
}
