: The commonest VERBATIM: `return 0;` at the end of a PROCEDURE, and a comment in C.
NEURON {
  SUFFIX verbatim_return
  NONSPECIFIC_CURRENT i
}

ASSIGNED {
  v (mV)
  dt (ms)
  i (mA/cm2)
}

STATE { m }

INITIAL { m = 0.2 }

BREAKPOINT {
  SOLVE states
  i = 4e-4 * m * (v + 30)
}

PROCEDURE states() {
  m = m + (1 - exp(-dt / 5)) * (1 / (1 + exp(-(v + 58) / 6)) - m)
  VERBATIM
  return 0; /* nothing went wrong */
  ENDVERBATIM
}
