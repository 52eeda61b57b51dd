/** The integrate-and-fire cell of two kinds of current that NEURON has built in, in a text of our own. */

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
