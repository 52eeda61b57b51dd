: What binds how: -2^2 is -4, 2^3^2 is 512, 7/2 is 3.5; comparisons are numbers; && binds before ||; minus before a product.
: Surprises: 7.
NEURON {
  SUFFIX precedence
  NONSPECIFIC_CURRENT i
  RANGE a, b, c, d, f, h
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  a b c d f h
}

BREAKPOINT {
  LOCAL x
  x = (v + 65) / 100
  a = -2^2 + -x^2 + 2^-1
  b = 2^3^2 + (1 + x)^2^0.5
  c = 7/2 + 1/2*x - 3 - 2 + 6/3/2*x
  d = (x > 0.05) + 2 * (x <= 0) + !(x >= 0.01)
  f = (x > 0.3 || x < 0.2 && x > 0.02) + 4 * (x == 0) + 8 * (x != 0)
  h = - x * x - -x + 2 * -x / 4 - (x - (x - 1))
  i = 1e-5 * (a + b / 100 + c + d + f + h) * (v + 63)
}
