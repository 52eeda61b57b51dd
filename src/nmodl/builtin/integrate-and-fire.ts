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

export const INT_FIRE4 = `
: A leaky integrator of a fast excitatory current and of a slower inhibitory one that rises and falls. Weights are scaled so
: that an event of 1 alone brings the membrane to 1, one of -1 alone to -1. At every event the cell makes sure that its next
: look at itself comes no later than it could fire.
NEURON {
  ARTIFICIAL_CELL IntFire4
  RANGE taue, taui1, taui2, taum, e, i1, i2, m, ae, ai2, ai1, nself, nexcite, ninhibit
  GLOBAL eps, taueps
}

PARAMETER {
  taue = 5 (ms) <0, 1e9>
  taui1 = 10 (ms) <0, 1e9>
  taui2 = 20 (ms) <0, 1e9>
  taum = 50 (ms) <0, 1e9>
  ib = 0
  eps = 1e-6 <1e-9, 0.01>
  taueps = 0.01 <1e-9, 1e9>
}

ASSIGNED {
  e i1 i2 m
  enew i1new i2new mnew
  t0 (ms)
  nself nexcite ninhibit
  ke (/ms) ki1 (/ms) ki2 (/ms) km (/ms)
  ae (/ms) ai1 (/ms) ai2 (/ms)
  be bi1 bi2
  a b
}

INITIAL {
  separate()
  scale()
  e = 0
  i1 = 0
  i2 = 0
  m = 0
  t0 = t
  net_send(soonest(), 1)
  nself = 0
  nexcite = 0
  ninhibit = 0
}

NET_RECEIVE (w) {
  newstates(t - t0)
  update()
  if (m > 1 - eps) {
    net_event(t)
    m = 0
  }
  if (flag == 1) {
    nself = nself + 1
    net_send(soonest(), 1)
  } else {
    if (w > 0) {
      nexcite = nexcite + 1
      e = e + w
    } else {
      ninhibit = ninhibit + 1
      i1 = i1 + w
    }
    net_move(soonest() + t)
  }
}

: A time before which the membrane cannot come to 1: along its slope of now.
FUNCTION soonest() (ms) {
  LOCAL slope
  slope = -km * m + ae * e + ai2 * i2
  if (slope <= 1e-9) {
    soonest = 1e9
  } else {
    soonest = (1 - m) / slope
  }
}

PROCEDURE newstates(d (ms)) {
  LOCAL fe, f1, f2, fm
  fe = exp(-ke * d)
  f1 = exp(-ki1 * d)
  f2 = exp(-ki2 * d)
  fm = exp(-km * d)
  enew = e * fe
  i1new = i1 * f1
  i2new = i2 * f2 + bi1 * i1 * (f2 - f1)
  mnew = m * fm + be * e * (fm - fe) + (bi2 * i2 + a * i1) * (fm - f2) - b * i1 * (fm - f1)
}

PROCEDURE update() {
  e = enew
  i1 = i1new
  i2 = i2new
  m = mnew
  t0 = t
}

FUNCTION M() {
  newstates(t - t0)
  M = mnew
}

FUNCTION E() {
  newstates(t - t0)
  E = ae * enew
}

FUNCTION I() {
  newstates(t - t0)
  I = ai2 * i2new
}

: Time constants are moved apart so that no two that are divided by their difference are closer than taueps, and so that
: taue and taui1 stay below taui2.
PROCEDURE separate() {
  LOCAL other
  if (taui2 < 4 * taueps) { taui2 = 4 * taueps }
  if (taui1 < 3 * taueps) { taui1 = 3 * taueps }
  if (taue < 2 * taueps) { taue = 2 * taueps }
  if (taue > taui2) {
    taue = taui2 - taueps
  } else if (taui2 - taue < taueps) {
    taue = taui2 - taueps
  }
  if (taui1 > taui2) {
    other = taui2
    taui2 = taui1
    taui1 = other
  }
  if (taui2 - taui1 < taueps) { taui1 = taui2 - taueps }
  if (taum <= taui2) {
    if (taui2 - taum < taueps) { taum = taui2 - taueps }
    if (fabs(taui1 - taum) < taueps) { taum = taui1 - taueps }
    if (fabs(taui1 - taum) < taueps) {
      if (taui1 - taum < 0) {
        taum = taui1 - taueps
      } else {
        taui1 = taum - taueps
      }
    }
    if (fabs(taue - taum) < taueps) {
      if (taue - taum < 0) {
        taum = taue - taueps
      } else {
        taue = taum - taueps
      }
    }
    if (fabs(taui1 - taum) < taueps) { taum = taui1 - taueps }
  } else if (taum - taui2 < taueps) {
    taum = taui2 + taueps
  }
}

PROCEDURE scale() {
  LOCAL peak
  ke = 1 / taue
  ki1 = 1 / taui1
  ki2 = 1 / taui2
  km = 1 / taum

  peak = log(km / ke) / (km - ke)
  be = 1 / (exp(-km * peak) - exp(-ke * peak))
  ae = be * (ke - km)

  peak = log(ki2 / ki1) / (ki2 - ki1)
  bi1 = 1 / (exp(-ki2 * peak) - exp(-ki1 * peak))
  ai1 = bi1 * (ki1 - ki2)

  : The membrane's answer to one inhibitory event, and where it is largest.
  e = 0
  i1 = 1
  i2 = 0
  m = 0
  bi2 = 1
  ai2 = bi2 * (ki2 - km)
  a = bi2 * bi1
  b = a * (ki2 - km) / (ki1 - km)
  peak = summit()
  newstates(peak)
  bi2 = 1 / mnew
  ai2 = bi2 * (ki2 - km)
  a = bi2 * bi1
  b = a * (ki2 - km) / (ki1 - km)
  newstates(peak)
  i1 = 0
}

: Of the slope of that answer, what its sign depends on.
FUNCTION steepness(d (ms)) (/ms2) {
  steepness = (-km * exp(-d * km) + ki2 * exp(-d * ki2)) / (ki2 - km) - ((-km * exp(-d * km) + ki1 * exp(-d * ki1))) / (ki1 - km)
}

: Where the slope is 0: between two times ten-fold apart, by halving.
FUNCTION summit() (ms) {
  LOCAL value, before, after, lost
  before = 1
  lost = 0
  if (steepness(before) < 0) {
    while (steepness(before) < 0 && before > 1e-9) {
      after = before
      before = before / 10
    }
    if (steepness(before) < 0) {
      lost = 1
      summit = 1e-9
    }
  } else {
    after = before
    while (steepness(after) > 0 && after < 1e9) {
      before = after
      after = after * 10
    }
    if (steepness(after) > 0) {
      lost = 1
      summit = 1e9
    }
  }
  while (after - before > 1e-6 && lost == 0) {
    summit = (before + after) / 2
    value = steepness(summit)
    if (value > 0) {
      before = summit
    } else {
      after = summit
    }
  }
}
`;
