: The sodium and potassium channels of our stellate cell: Hodgkin's and Huxley's forms with rates of our own.
NEURON {
  SUFFIX ownspike
  USEION na READ ena WRITE ina
  USEION k READ ek WRITE ik
  RANGE gna, gk
}
UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (S) = (siemens)
}
PARAMETER {
  gna = 0.1 (S/cm2)
  gk = 0.03 (S/cm2)
  vshift = -60 (mV)
}
ASSIGNED {
  v (mV)
  ena (mV)
  ek (mV)
  ina (mA/cm2)
  ik (mA/cm2)
  minf
  hinf
  ninf
  mtau (ms)
  htau (ms)
  ntau (ms)
}
STATE { m h n }
BREAKPOINT {
  SOLVE states METHOD cnexp
  ina = gna * m * m * m * h * (v - ena)
  ik = gk * n * n * n * n * (v - ek)
}
INITIAL {
  rates(v)
  m = minf
  h = hinf
  n = ninf
}
DERIVATIVE states {
  rates(v)
  m' = (minf - m) / mtau
  h' = (hinf - h) / htau
  n' = (ninf - n) / ntau
}
PROCEDURE rates(v (mV)) {
  LOCAL u, a, b
  UNITSOFF
  u = v - vshift
  a = 0.32 * linoid(13 - u, 4)
  b = 0.28 * linoid(u - 40, 5)
  mtau = 1 / (a + b)
  minf = a * mtau
  a = 0.128 * exp((17 - u) / 18)
  b = 4 / (exp((40 - u) / 5) + 1)
  htau = 1 / (a + b)
  hinf = a * htau
  a = 0.032 * linoid(15 - u, 5)
  b = 0.5 * exp((10 - u) / 40)
  ntau = 1 / (a + b)
  ninf = a * ntau
  UNITSON
}
: x / (exp(x / y) - 1), also where that is 0/0.
FUNCTION linoid(x, y) {
  if (fabs(x / y) < 1e-6) {
    linoid = y * (1 - x / y / 2)
  } else {
    linoid = x / (exp(x / y) - 1)
  }
}
