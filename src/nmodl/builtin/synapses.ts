/** Synapses that NEURON has built in, in texts of our own: the same arithmetic in the same order. */

export const EXP_SYN = `
: A conductance that an event raises by its weight and that decays exponentially.
NEURON {
  POINT_PROCESS ExpSyn
  NONSPECIFIC_CURRENT i
  RANGE tau, e, i
}

UNITS {
  (uS) = (microsiemens)
  (nA) = (nanoamp)
  (mV) = (millivolt)
}

PARAMETER {
  tau = 0.1 (ms) <1e-9, 1e9>
  e = 0 (mV)
}

ASSIGNED {
  v (mV)
  i (nA)
}

STATE { g (uS) }

INITIAL { g = 0 }

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * (v - e)
}

DERIVATIVE decay { g' = -g / tau }

NET_RECEIVE (weight (uS)) { g = g + weight }
`;

export const EXP2_SYN = `
: A conductance that rises and falls: the difference of two exponentials, scaled so that one event of weight 1 peaks at 1.
NEURON {
  POINT_PROCESS Exp2Syn
  NONSPECIFIC_CURRENT i
  RANGE tau1, tau2, e, i, g
}

UNITS {
  (uS) = (microsiemens)
  (nA) = (nanoamp)
  (mV) = (millivolt)
}

PARAMETER {
  tau1 = 0.1 (ms) <1e-9, 1e9>
  tau2 = 10 (ms) <1e-9, 1e9>
  e = 0 (mV)
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
  factor
}

STATE {
  A (uS)
  B (uS)
}

INITIAL {
  LOCAL peak
  : The rise must be faster than the fall, and neither may vanish beside the other.
  if (tau1 / tau2 > 0.9999) { tau1 = 0.9999 * tau2 }
  if (tau1 / tau2 < 1e-9) { tau1 = tau2 * 1e-9 }
  A = 0
  B = 0
  peak = (tau1 * tau2) / (tau2 - tau1) * log(tau2 / tau1)
  factor = -exp(-peak / tau1) + exp(-peak / tau2)
  factor = 1 / factor
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  g = B - A
  i = g * (v - e)
}

DERIVATIVE decay {
  A' = -A / tau1
  B' = -B / tau2
}

NET_RECEIVE (weight (uS)) {
  A = A + weight * factor
  B = B + weight * factor
}
`;

export const ALPHA_SYNAPSE = `
: One conductance in the shape of an alpha function, that begins at a set time and is over ten time constants later.
NEURON {
  POINT_PROCESS AlphaSynapse
  NONSPECIFIC_CURRENT i
  RANGE onset, tau, gmax, e, i
}

UNITS {
  (uS) = (microsiemens)
  (nA) = (nanoamp)
  (mV) = (millivolt)
}

PARAMETER {
  onset = 0 (ms)
  tau = 0.1 (ms) <1e-3, 1e6>
  gmax = 0 (uS) <0, 1e9>
  e = 0 (mV)
}

ASSIGNED {
  v (mV)
  i (nA)
  g (uS)
}

BREAKPOINT {
  if (gmax) { at_time(onset) }
  g = gmax * alpha((t - onset) / tau)
  i = g * (v - e)
}

FUNCTION alpha(x) {
  if (x < 0 || x > 10) {
    alpha = 0
  } else {
    alpha = x * exp(1 - x)
  }
}
`;
