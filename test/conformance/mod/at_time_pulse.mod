: at_time says whether a moment falls into this step. Whoever asks for it wants the variable step; its answer is a number.
NEURON {
  POINT_PROCESS at_time_pulse
  ELECTRODE_CURRENT i
  RANGE del, dur, amp, hits
}

PARAMETER {
  del = 3.01 (ms)
  dur = 5 (ms)
  amp = 0.05 (nA)
}

ASSIGNED {
  i (nA)
  hits
}

INITIAL { hits = 0 }

BREAKPOINT {
  if (at_time(del)) { hits = hits + 1 }
  at_time(del + dur)
  i = 0.001 * hits
  if (t >= del && t < del + dur) { i = i + amp }
}
