: One excitatory synapse of the experiment: AMPA and, in the same point process, NMDA.
:
: Each part is a double exponential whose peak is 1 for one event of weight 1, times its conductance. NMDA is multiplied by
: the magnesium block of Jahr & Stevens (1990), 1 / (1 + exp(-0.08 v) [Mg] / 3.57). A conductance of 0 takes a part out.
: Everything is deterministic; release is decided before the events get here.

NEURON {
    THREADSAFE
    POINT_PROCESS TwincellExcitatory
    NONSPECIFIC_CURRENT i
    RANGE ampaRise, ampaDecay, ampaConductance, ampaReversal
    RANGE nmdaRise, nmdaDecay, nmdaConductance, nmdaReversal
    RANGE magnesium
    RANGE ampaFactor, nmdaFactor
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (nS) = (nanosiemens)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    ampaRise = 0.3 (ms)
    ampaDecay = 3 (ms)
    ampaConductance = 0.4 (nS)
    ampaReversal = 0 (mV)
    nmdaRise = 2 (ms)
    nmdaDecay = 70 (ms)
    nmdaConductance = 0.4 (nS)
    nmdaReversal = 0 (mV)
    magnesium = 1 (mM)
}

ASSIGNED {
    v (mV)
    i (nA)
    ampaFactor
    nmdaFactor
}

STATE {
    ampaA
    ampaB
    nmdaA
    nmdaB
}

INITIAL {
    LOCAL peak
    peak = ampaRise * ampaDecay / (ampaDecay - ampaRise) * log(ampaDecay / ampaRise)
    ampaFactor = 1 / (exp(-peak / ampaDecay) - exp(-peak / ampaRise))
    peak = nmdaRise * nmdaDecay / (nmdaDecay - nmdaRise) * log(nmdaDecay / nmdaRise)
    nmdaFactor = 1 / (exp(-peak / nmdaDecay) - exp(-peak / nmdaRise))
    ampaA = 0
    ampaB = 0
    nmdaA = 0
    nmdaB = 0
}

BREAKPOINT {
    LOCAL ampa, nmda, block
    SOLVE decay METHOD cnexp
    ampa = 0.001 * ampaConductance * (ampaB - ampaA)
    block = 1 / (1 + exp(-0.08 * v) * magnesium / 3.57)
    nmda = 0.001 * nmdaConductance * (nmdaB - nmdaA) * block
    i = ampa * (v - ampaReversal) + nmda * (v - nmdaReversal)
}

DERIVATIVE decay {
    ampaA' = -ampaA / ampaRise
    ampaB' = -ampaB / ampaDecay
    nmdaA' = -nmdaA / nmdaRise
    nmdaB' = -nmdaB / nmdaDecay
}

NET_RECEIVE(weight) {
    ampaA = ampaA + weight * ampaFactor
    ampaB = ampaB + weight * ampaFactor
    nmdaA = nmdaA + weight * nmdaFactor
    nmdaB = nmdaB + weight * nmdaFactor
}
