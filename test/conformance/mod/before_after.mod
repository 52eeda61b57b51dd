: Blocks that hang on others: BEFORE and AFTER INITIAL, BREAKPOINT, SOLVE and STEP. Surprises: 5.
NEURON {
  SUFFIX before_after
  NONSPECIFIC_CURRENT i
  RANGE first, second, third, fourth, fifth
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  first second third fourth fifth
}

STATE { m }

BEFORE INITIAL {
  first = 1
  fourth = 0
  fifth = 0
  third = 0
}

INITIAL {
  m = 0.1 * first
  second = 0
}

AFTER INITIAL { second = 5 + m }

BEFORE BREAKPOINT { third = third + 0.01 * (v + 65) }

BREAKPOINT {
  SOLVE gate METHOD cnexp
  i = 1e-4 * (m + third / 100 + second / 10 + fourth / 50) * (v + 55)
}

AFTER SOLVE { fourth = fourth + m }

BEFORE STEP { fifth = fifth + v / 100 }

DERIVATIVE gate { m' = (0.5 + 0.01 * fifth / (1 + fabs(fifth)) - m) / 4 }
