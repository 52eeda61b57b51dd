: The functions of C that a file may call.
NEURON {
  SUFFIX math_functions
  NONSPECIFIC_CURRENT i
  RANGE a, b, c, d
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  a b c d
}

BREAKPOINT {
  LOCAL x
  x = v / 100
  a = sin(x) + cos(x) + tan(x) + asin(x / 3) + acos(x / 3) + atan(x) + atan2(x, 2)
  b = sinh(x) + cosh(x) + tanh(x)
  c = sqrt(fabs(x)) + log(1 + x * x) + log10(2 + x) + pow(fabs(x) + 0.1, 1.7) + exp(x)
  d = floor(10 * x) + ceil(7 * x) + fmod(v, 3)
  i = 1e-5 * (a + b + c + d / 10) * (v + 60)
}
