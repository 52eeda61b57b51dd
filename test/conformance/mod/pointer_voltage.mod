: POINTER: a number that belongs to somebody else, here the potential at the other end of a junction.
NEURON {
  POINT_PROCESS pointer_voltage
  NONSPECIFIC_CURRENT i
  POINTER vgap
  RANGE r, smooth
}

PARAMETER { r = 300 (megohm) }

ASSIGNED {
  v (mV)
  vgap (mV)
  i (nA)
}

STATE { smooth (mV) }

INITIAL { smooth = vgap }

BREAKPOINT {
  SOLVE follow METHOD cnexp
  i = (v - vgap) / r + 1e-4 * (v - smooth - 10)
}

DERIVATIVE follow { smooth' = (vgap - smooth) / 2 }
