: PARAMETERs and STARTs go through text with six digits in NEURON's compiler; CONSTANTs, and numbers in expressions, do not.
NEURON {
  SUFFIX parameter_digits
  NONSPECIFIC_CURRENT i
  RANGE gain
}

CONSTANT { weight = 0.123456789 }

PARAMETER {
  gain = 1.2345678e-4 (mS/cm2)
  tau = 7.77777777 (ms)
  middle = -41.2345678 (mV)
  half = 123456.5
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
}

STATE { m START 0.987654321 }

BREAKPOINT {
  SOLVE states METHOD cnexp
  i = gain * m * (v - middle) + 1.23456789e-9 * (half - 123450) * weight
}

DERIVATIVE states { m' = (weight - m) / tau }
