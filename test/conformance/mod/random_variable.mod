: RANDOM: streams of numbers of the mechanism's own, uniform, normal and exponential, rewound at the start.
NEURON {
  POINT_PROCESS random_variable
  NONSPECIFIC_CURRENT i
  RANGE noise, wait, coin
  RANDOM draws, waits
}

ASSIGNED {
  v (mV)
  i (nA)
  noise
  wait (ms)
  coin
}

INITIAL {
  random_setseq(draws, 3)
  random_setseq(waits, 0)
  noise = 0
  coin = 0
  wait = random_negexp(waits, 2)
  net_send(wait, 1)
}

BREAKPOINT {
  SOLVE draw
  i = 1e-4 * (v + 65) + 0.002 * noise + 0.01 * coin
}

PROCEDURE draw() { noise = random_normal(draws, 0.1, 1.5) + random_uniform(draws, -0.2, 0.2) }

NET_RECEIVE (w) {
  if (flag == 1) {
    coin = random_uniform(waits) > 0.5
    wait = random_negexp(waits) + 0.3
    net_send(wait, 1)
  }
}
