: STEADYSTATE derivimplicit: a step of 1e-9 ms, so nothing, in a thread-safe mechanism. Surprises: 11.
NEURON {
  THREADSAFE
  SUFFIX steadystate_derivimplicit
  NONSPECIFIC_CURRENT i
  RANGE start
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  start
}

STATE { a b }

INITIAL {
  a = 0.9
  b = 0.2
  SOLVE pair STEADYSTATE derivimplicit
  start = a + 10 * b
}

BREAKPOINT {
  SOLVE pair METHOD derivimplicit
  i = 1e-4 * (a + start * b) * (v + 30)
}

DERIVATIVE pair {
  a' = -0.3 * a * b + 0.1 * (1 - a)
  b' = 0.3 * a * b - 0.2 * b + 0.002 * (v + 70)
}
