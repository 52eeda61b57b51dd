: One inhibitory synapse of the experiment: GABA-A, a double exponential whose peak is 1 for one event of weight 1, times
: its conductance. Deterministic.

NEURON {
    THREADSAFE
    POINT_PROCESS TwincellGaba
    NONSPECIFIC_CURRENT i
    RANGE rise, decay, conductance, reversal
    RANGE factor
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (nS) = (nanosiemens)
}

PARAMETER {
    rise = 0.2 (ms)
    decay = 8 (ms)
    conductance = 1 (nS)
    reversal = -80 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    factor
}

STATE {
    a
    b
}

INITIAL {
    LOCAL peak
    peak = rise * decay / (decay - rise) * log(decay / rise)
    factor = 1 / (exp(-peak / decay) - exp(-peak / rise))
    a = 0
    b = 0
}

BREAKPOINT {
    SOLVE fade METHOD cnexp
    i = 0.001 * conductance * (b - a) * (v - reversal)
}

DERIVATIVE fade {
    a' = -a / rise
    b' = -b / decay
}

NET_RECEIVE(weight) {
    a = a + weight * factor
    b = b + weight * factor
}
