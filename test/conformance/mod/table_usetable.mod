: `usetable` switches the tables of a mechanism off and on; a file may set it itself, here after 4 ms.
NEURON {
  SUFFIX table_usetable
  NONSPECIFIC_CURRENT i
  RANGE gain
}

ASSIGNED {
  v (mV)
  i (mA/cm2)
  gain
}

INITIAL {
  usetable = 1
  curve(v)
}

BREAKPOINT {
  if (t > 4) { usetable = 0 }
  curve(v)
  i = 2e-4 * gain * (v + 62)
}

PROCEDURE curve(v (mV)) {
  TABLE gain FROM -90 TO 60 WITH 5
  gain = exp(-((v + 60) / 12)^2)
}
