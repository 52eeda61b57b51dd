: How often and when code runs: BREAKPOINT with a current runs twice a step (at v + 0.001, then at v) and twice when the run
: begins, at t + dt / 2; what SOLVE names runs once, at t + dt. The current hangs on the counts. Surprises: 1.
NEURON {
  SUFFIX breakpoint_twice
  NONSPECIFIC_CURRENT i
  RANGE calls, solved, seen, seenv, solvedat
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  calls
  solved
  seen (ms)
  seenv (mV)
  solvedat (ms)
}

INITIAL {
  calls = 0
  solved = 0
  seen = -1
  seenv = 0
  solvedat = 0
}

BREAKPOINT {
  SOLVE count
  calls = calls + 1
  seen = t
  seenv = v
  i = 1e-6 * calls * (v + 60) + 1e-4 * solved / (1 + solvedat) + 1e-5 * seen
}

PROCEDURE count() {
  solved = solved + 1
  solvedat = t
}
