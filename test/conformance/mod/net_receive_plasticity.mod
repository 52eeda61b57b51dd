: A synapse whose connections learn: the weight that is kept beside the given one, by the voltage when the event comes.
NEURON {
  POINT_PROCESS net_receive_plasticity
  NONSPECIFIC_CURRENT i
  RANGE learned, tau
}

PARAMETER {
  tau = 4 (ms)
  rate = 0.2
}

ASSIGNED {
  v (mV)
  i (nA)
  learned
}

STATE { g (uS) trace }

INITIAL {
  g = 0
  trace = 0
  learned = 0
}

BREAKPOINT {
  SOLVE decay METHOD cnexp
  i = g * v
}

DERIVATIVE decay {
  g' = -g / tau
  trace' = -trace / 20 + 0.01 * (v + 65)
}

NET_RECEIVE (w, own, previous (ms)) {
  INITIAL { own = w  previous = -1e3 }
  own = own + rate * trace * exp(-(t - previous) / 15) + 0.001 * (v + 65)
  previous = t
  trace = trace + 1
  learned = own
  g = g + 5e-3 * fabs(own)
}
