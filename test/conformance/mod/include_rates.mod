: INCLUDE: blocks that stand in another file.
INCLUDE "rates.inc"

NEURON {
  SUFFIX include_rates
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m }

INITIAL { m = target(v) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = 5e-4 * m * (v + 30)
}

DERIVATIVE gate { m' = (target(v) - m) / slowness }
