: The linear forms that cnexp knows besides: no dependence on the state, pure decay, growth by a product, division by a
: constant, a state that is driven by another one, and an empty right side.
NEURON {
  SUFFIX cnexp_forms
  NONSPECIFIC_CURRENT i
  RANGE rest
}

PARAMETER {
  rest = -65 (mV)
  k = 0.07 (/ms)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { ramp1 decay driven pulled grown still }

INITIAL {
  ramp1 = 0
  decay = 1
  driven = 0
  pulled = 2
  grown = 0.01
  still = 0.5
}

BREAKPOINT {
  SOLVE forms METHOD cnexp
  i = 1e-5 * (ramp1 + decay + driven + pulled + grown + still) * (v - rest)
}

DERIVATIVE forms {
  ramp1' = 0.1 + 0.001 * (v - rest)
  decay' = -decay / 9
  driven' = decay - driven * 0.3
  pulled' = k * (3 - 2 * pulled) + 0.01 * ramp1
  grown' = k * grown
  still' = 0
}
