: LINEAR: simultaneous equations, solved by elimination with pivots; in INITIAL for the start and in every step.
NEURON {
  SUFFIX linear_block
  NONSPECIFIC_CURRENT i
  RANGE up, down
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  up (/ms)
  down (/ms)
}

STATE { x w z }

INITIAL {
  up = 0.5
  down = 0.3
  SOLVE balance
}

BREAKPOINT {
  SOLVE balance
  i = 2e-4 * (x + 2 * w - z) * (v + 20)
}

LINEAR balance {
  up = 0.5 * exp((v + 60) / 30)
  down = 0.3 * exp(-(v + 60) / 40)
  ~ -up * x + down * w = 0
  ~ up * x - (down + up) * w + 2 * down * z = 0.01
  ~ x + w + z = 1
}
