: One-way reactions: `->` takes a substance away at a rate, `<<` brings an amount whatever there is.
NEURON {
  SUFFIX kinetic_source_sink
  NONSPECIFIC_CURRENT i
  RANGE influx
}

PARAMETER { influx = 0.05 (/ms) }

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { a b }

INITIAL {
  a = 1
  b = 0
}

BREAKPOINT {
  SOLVE flow METHOD sparse
  i = 3e-4 * (a + 2 * b) * (v + 30)
}

KINETIC flow {
  ~ a << (influx * exp((v + 65) / 30))
  ~ a <-> b (0.2, 0.02)
  ~ b -> (0.1)
}
