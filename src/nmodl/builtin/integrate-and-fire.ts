/** Integrate-and-fire cells that NEURON has built in, in texts of our own: the same arithmetic in the same order. */

export const INT_FIRE1 = `
: A leaky integrator that an event moves by its weight; above 1 it fires and is then deaf for a while.
NEURON {
  ARTIFICIAL_CELL IntFire1
  RANGE tau, refrac, m
}

PARAMETER {
  tau = 10 (ms)
  refrac = 5 (ms)
}

ASSIGNED {
  m
  t0 (ms)
  refractory
}

INITIAL {
  m = 0
  t0 = t
  refractory = 0
}

: The membrane's state now, with the shape of a spike where one has just been.
FUNCTION M() {
  if (refractory == 0) {
    M = m * exp(-(t - t0) / tau)
  } else if (refractory == 1) {
    if (t - t0 < 0.5) {
      M = 2
    } else {
      M = -1
    }
  }
}

NET_RECEIVE (w) {
  if (refractory == 0) {
    m = m * exp(-(t - t0) / tau)
    t0 = t
    m = m + w
    if (m > 1) {
      refractory = 1
      m = 2
      net_send(refrac, refractory)
      net_event(t)
    }
  } else if (flag == 1) {
    t0 = t
    refractory = 0
    m = 0
  }
}
`;

export const INT_FIRE2 = `
: A leaky integrator of a current that itself decays towards a bias: an event adds to the current. The time of the next spike
: is the root of 1 = a + b exp(-t / taus) + (c - a - b) exp(-t / taum), with a the bias, found by Newton's method.
NEURON {
  ARTIFICIAL_CELL IntFire2
  RANGE taus, taum, ib, i, m
}

PARAMETER {
  taus = 20 (ms)
  taum = 10 (ms)
  ib = 0
}

ASSIGNED {
  i
  m
  t0 (ms)
}

INITIAL {
  i = ib
  m = 0
  : The current must outlast the membrane.
  if (taus <= taum) { taus = taum + 0.1 }
  t0 = t
  net_send(firetime(ib, 0, 0), 1)
}

FUNCTION M() {
  LOCAL rest, ratio
  ratio = taus / (taus - taum)
  rest = (i - ib) * exp(-(t - t0) / taus)
  M = ib + ratio * rest + (m - (ib + (i - ib) * ratio)) * exp(-(t - t0) / taum)
}

FUNCTION I() {
  LOCAL rest
  rest = (i - ib) * exp(-(t - t0) / taus)
  I = rest + ib
}

NET_RECEIVE (w) {
  LOCAL rest, current, ratio, slow
  ratio = taus / (taus - taum)
  rest = (i - ib) * exp(-(t - t0) / taus)
  current = ib + rest
  if (flag == 1) {
    net_event(t)
    m = 0
    slow = (current - ib) * ratio
    net_send(firetime(ib, slow, 0), 1)
  } else {
    m = ib + ratio * rest + (m - (ib + (i - ib) * ratio)) * exp(-(t - t0) / taum)
    current = current + w
    if (m >= 1) {
      net_move(t)
    } else {
      slow = (current - ib) * ratio
      net_move(firetime(ib, slow, m) + t)
    }
  }
  t0 = t
  i = current
}

: With x = exp(-t / taum) the root is that of 1 = a + b x^r + fast x between 0 and 1; where the slope at x = 1 points out of
: that stretch, y = exp(-t / taus) serves instead. 1e9 stands for never.
FUNCTION firetime(a, b, c) (ms) {
  LOCAL r, fast, x, slope, peak
  r = taum / taus
  if (a <= 1 && a + b <= 1) {
    firetime = 1e9
  } else if (a > 1 && b <= 0) {
    fast = c - a - b
    slope = r * b + fast
    if (slope >= 0) {
      firetime = -taus * log(root(a, fast, b, 1 / r, 0))
    } else {
      x = (1 - c + slope) / slope
      if (x <= 0) {
        firetime = -taus * log(root(a, fast, b, 1 / r, 0))
      } else {
        firetime = -taum * log(root(a, b, fast, r, x))
      }
    }
  } else {
    fast = c - a - b
    x = (-fast / (r * b))^(1 / (r - 1))
    peak = a + b * x^r + fast * x
    if (x >= 1 || peak <= 1) {
      firetime = 1e9
    } else {
      slope = r * b + fast
      x = (1 - c + slope) / slope
      firetime = -taum * log(root(a, b, fast, r, x))
    }
  }
}

: Newton's method for 1 = a + b x^r + c x, kept between 0 and 1; after eleven rounds what there is must do.
FUNCTION root(a, b, c, r, x) {
  LOCAL change, value, slope, round
  change = 1
  value = 0
  round = 0
  while (fabs(change) > 1e-6 || fabs(value - 1) > 1e-6) {
    value = a + b * x^r + c * x
    slope = r * b * x^(r - 1) + c
    change = (1 - value) / slope
    x = x + change
    if (x <= 0) {
      x = 1e-4
    } else if (x > 1) {
      x = 1
    }
    round = round + 1
    if (round > 10) {
      value = 1
      change = 0
    }
  }
  root = x
}
`;
