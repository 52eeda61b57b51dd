: t, dt and celsius read everywhere: in INITIAL, in BREAKPOINT and in what SOLVE names.
NEURON {
  SUFFIX time_and_step
  NONSPECIFIC_CURRENT i
  RANGE begin, dtseen, sum
}

ASSIGNED {
  v (mV)
  dt (ms)
  celsius (degC)
  i (mA/cm2)
  begin (ms)
  dtseen (ms)
  sum
}

INITIAL {
  begin = t
  dtseen = dt
  sum = 0
}

BREAKPOINT {
  SOLVE clock
  i = 1e-4 * (v + 60) + 2e-4 * sin(0.3 * t) + 1e-5 * sum * celsius / 30
}

PROCEDURE clock() {
  dtseen = dt
  sum = sum + dt * cos(t)
}
