: STEADYSTATE derivimplicit: a step of 1e-9 ms, so nothing, in a thread-safe mechanism. The states are small, as NEURON's
: Newton does not converge at such a step otherwise. Surprises: 11.
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
  a = 0.01
  b = 0.004
  SOLVE pair STEADYSTATE derivimplicit
  start = a + 10 * b
}

BREAKPOINT {
  SOLVE pair METHOD derivimplicit
  i = 0.01 * (a + start * b) * (v + 30)
}

DERIVATIVE pair {
  a' = 0.001 * exp(v / 80) - 0.3 * a
  b' = 3 * a * b - 0.05 * b
}
