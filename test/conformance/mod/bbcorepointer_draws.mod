: The old idiom of random numbers in VERBATIM behind a BBCOREPOINTER: set-up by a call that may never come, a draw that gives
: a constant without it, and the pair of functions that save and restore.
NEURON {
  POINT_PROCESS bbcorepointer_draws
  NONSPECIFIC_CURRENT i
  RANGE chance, g
  THREADSAFE
  BBCOREPOINTER rng
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
  rng
}

VERBATIM
#include <stdlib.h>
#ifndef NRN_VERSION_GTEQ_8_2_0
#include "nrnran123.h"
#endif
ENDVERBATIM

PARAMETER { chance = 0.5 }

INITIAL { g = 1e-4 }

BREAKPOINT { i = g * (v + 20) }

NET_RECEIVE (w) {
  if (draw() < chance) { g = g + 1e-3 * (0.1 + fabs(w)) } else { g = g * 0.8 + 2e-4 }
}

FUNCTION draw() {
VERBATIM
  if (_p_rng) {
    _ldraw = nrnran123_dblpick((nrnran123_State*)_p_rng);
  } else {
    _ldraw = 0.0;
  }
ENDVERBATIM
}

PROCEDURE setRNG() {
VERBATIM
#if !NRNBBCORE
  if (ifarg(2)) {
    _p_rng = (double*)nrnran123_newstream3((uint32_t)*getarg(1), (uint32_t)*getarg(2), 0);
  }
#endif
ENDVERBATIM
}

VERBATIM
static void bbcore_write(double* x, int* d, int* xx, int* offset, _threadargsproto_) {}
static void bbcore_read(double* x, int* d, int* xx, int* offset, _threadargsproto_) {}
ENDVERBATIM
