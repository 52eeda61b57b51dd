: FROM with BY and with bounds that are computed, while, chains of if and else if, and arrays filled by them.
DEFINE N 6

NEURON {
  SUFFIX control_flow
  NONSPECIFIC_CURRENT i
  RANGE parts, total, rounds
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  parts[N]
  total
  rounds
}

BREAKPOINT {
  fill()
  i = 1e-5 * total * (v + 63)
}

PROCEDURE fill() {
  LOCAL x, left
  FROM j = 0 TO N - 1 { parts[j] = 0 }
  FROM j = 1 TO N - 1 BY 2 {
    if (v < -70) {
      parts[j] = 1
    } else if (v < -60) {
      parts[j] = 2 + j
    } else if (v < -40) {
      parts[j] = 3 * j
    } else {
      parts[j] = -j
    }
  }
  left = 3.2 + (v + 65) / 50
  rounds = 0
  while (left > 0 && rounds < 20) {
    left = left - 0.7
    rounds = rounds + 1
  }
  total = rounds
  x = 2
  FROM j = x TO 2 * x { total = total + parts[j] / j }
}
