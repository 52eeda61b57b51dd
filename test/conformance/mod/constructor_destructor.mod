: CONSTRUCTOR runs once for each instance when it is made, DESTRUCTOR when it goes; a number that it sets lasts.
NEURON {
  POINT_PROCESS constructor_destructor
  NONSPECIFIC_CURRENT i
  RANGE made, g
}

ASSIGNED {
  v (mV)
  i (nA)
  made
  g (uS)
}

CONSTRUCTOR { made = made + 3 }

DESTRUCTOR { made = 0 }

INITIAL { g = 5e-4 * made }

BREAKPOINT { i = g * (v + 40) }
