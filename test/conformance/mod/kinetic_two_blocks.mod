: Two KINETIC blocks in one file: NEURON's compiler mixes them up, so that none is computed rightly. It is refused.
NEURON {
  SUFFIX kinetic_two_blocks
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { a b c d }

INITIAL {
  a = 1
  b = 0
  c = 0.5
  d = 0.5
}

BREAKPOINT {
  SOLVE first METHOD sparse
  SOLVE second METHOD sparse
  i = 3e-4 * (b + d) * (v + 10)
}

KINETIC first { ~ a <-> b (0.1, 0.05) }

KINETIC second { ~ c <-> d (0.2 * exp(v / 60), 0.1) }
