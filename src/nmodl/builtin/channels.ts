/** Density mechanisms that NEURON has built in, in texts of our own: the same arithmetic in the same order. */

export const PAS = `
: A leak of constant conductance.
NEURON {
  SUFFIX pas
  NONSPECIFIC_CURRENT i
  RANGE g, e
}

UNITS {
  (S) = (siemens)
  (mA) = (milliamp)
  (mV) = (millivolt)
}

PARAMETER {
  g = 0.001 (S/cm2) <0, 1e9>
  e = -70 (mV)
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

BREAKPOINT {
  i = g * (v - e)
}
`;

export const HH = `
: The squid axon's sodium, potassium and leak currents (Hodgkin and Huxley 1952), resting at -65 mV; rates are for 6.3 degC
: and three times as fast for every 10 degC more. Rates come from tables, made again when the temperature changes.
NEURON {
  THREADSAFE
  SUFFIX hh
  USEION na READ ena WRITE ina
  USEION k READ ek WRITE ik
  NONSPECIFIC_CURRENT il
  RANGE gnabar, gkbar, gl, el, gna, gk, minf, hinf, ninf, mtau, htau, ntau
}

UNITS {
  (S) = (siemens)
  (mA) = (milliamp)
  (mV) = (millivolt)
}

PARAMETER {
  gnabar = 0.12 (S/cm2) <0, 1e9>
  gkbar = 0.036 (S/cm2) <0, 1e9>
  gl = 0.0003 (S/cm2) <0, 1e9>
  el = -54.3 (mV)
}

ASSIGNED {
  v (mV)
  celsius (degC)
  ena (mV)
  ek (mV)
  gna (S/cm2)
  gk (S/cm2)
  ina (mA/cm2)
  ik (mA/cm2)
  il (mA/cm2)
  minf
  hinf
  ninf
  mtau (ms)
  htau (ms)
  ntau (ms)
}

STATE { m h n }

INITIAL {
  rates(v)
  m = minf
  h = hinf
  n = ninf
}

BREAKPOINT {
  SOLVE gates METHOD cnexp
  gna = gnabar * m * m * m * h
  gk = gkbar * n * n * n * n
  ina = gna * (v - ena)
  ik = gk * (v - ek)
  il = gl * (v - el)
}

DERIVATIVE gates {
  rates(v)
  m' = (minf - m) / mtau
  h' = (hinf - h) / htau
  n' = (ninf - n) / ntau
}

PROCEDURE rates(v (mV)) {
  LOCAL opening, closing, both, speed
  TABLE minf, mtau, hinf, htau, ninf, ntau DEPEND celsius FROM -100 TO 100 WITH 200
UNITSOFF
  speed = 3^((celsius - 6.3) / 10)

  opening = 0.1 * trap(-(v + 40), 10)
  closing = 4 * exp(-(v + 65) / 18)
  both = opening + closing
  minf = opening / both
  mtau = 1 / (speed * both)

  opening = 0.07 * exp(-(v + 65) / 20)
  closing = 1 / (exp(-(v + 35) / 10) + 1)
  both = opening + closing
  hinf = opening / both
  htau = 1 / (speed * both)

  opening = 0.01 * trap(-(v + 55), 10)
  closing = 0.125 * exp(-(v + 65) / 80)
  both = opening + closing
  ninf = opening / both
  ntau = 1 / (speed * both)
UNITSON
}

: x / (exp(x / y) - 1), and near x = 0, where that is 0 / 0, its series.
FUNCTION trap(x, y) {
  if (fabs(x / y) < 1e-6) {
    trap = y * (1 - x / y / 2)
  } else {
    trap = x / (exp(x / y) - 1)
  }
}
`;
