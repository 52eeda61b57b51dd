: VERBATIM that reads arguments from hoc, in a PROCEDURE that a run never calls, and a printf that a run never reaches.
NEURON {
  SUFFIX verbatim_arguments
  NONSPECIFIC_CURRENT i
  RANGE g
}

PARAMETER { g = 2e-4 (S/cm2) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

BREAKPOINT {
  i = g * (v + 50)
  if (v > 1000) { printf("too much: %g mV at %g ms\n", v, t) }
}

PROCEDURE set() {
VERBATIM
  if (ifarg(1)) {
    printf("%g\n", *getarg(1));
  }
ENDVERBATIM
}
