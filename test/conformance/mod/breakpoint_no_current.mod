: A BREAKPOINT without a current runs only when states are advanced, once a step. It fills a pool of calcium, so that others
: see it. Surprises: 1.
NEURON {
  SUFFIX breakpoint_no_current
  USEION ca WRITE cai
  RANGE calls, last
}

ASSIGNED {
  v (mV)
  calls
  last (ms)
}

STATE { cai (mM) }

INITIAL {
  calls = 0
  last = 0
  cai = 1e-4
}

BREAKPOINT {
  calls = calls + 1
  last = t
  cai = 1e-4 + 1e-6 * calls + 1e-6 * (v + 65) + 1e-7 * last
}
