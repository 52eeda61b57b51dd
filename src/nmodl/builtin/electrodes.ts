/** Electrodes that NEURON has built in, in texts of our own: the same arithmetic in the same order. */

export const I_CLAMP = `
: A pulse of current into the cell.
NEURON {
  POINT_PROCESS IClamp
  ELECTRODE_CURRENT i
  RANGE del, dur, amp, i
}

UNITS { (nA) = (nanoamp) }

PARAMETER {
  del (ms)
  dur (ms) <0, 1e9>
  amp (nA)
}

ASSIGNED { i (nA) }

INITIAL { i = 0 }

BREAKPOINT {
  if (t >= del && t < del + dur) {
    i = amp
  } else {
    i = 0
  }
}
`;

export const SE_CLAMP = `
: A voltage clamp through one electrode: three levels, one after the other, behind a series resistance. The current is
: computed once more after the step, with the voltage that the step led to.
NEURON {
  POINT_PROCESS SEClamp
  ELECTRODE_CURRENT i
  RANGE dur1, amp1, dur2, amp2, dur3, amp3, rs, vc, i
}

UNITS {
  (uS) = (microsiemens)
  (nA) = (nanoamp)
  (mV) = (millivolt)
}

PARAMETER {
  rs = 1 (megohm) <1e-9, 1e9>
  dur1 (ms)
  amp1 (mV)
  dur2 (ms) <0, 1e9>
  amp2 (mV)
  dur3 (ms) <0, 1e9>
  amp3 (mV)
}

ASSIGNED {
  v (mV)
  i (nA)
  vc (mV)
  tc2 (ms)
  tc3 (ms)
  on
}

INITIAL {
  tc2 = dur1 + dur2
  tc3 = tc2 + dur3
  on = 0
}

BREAKPOINT {
  SOLVE current METHOD after_cvode
  level()
  current()
}

PROCEDURE current() {
  if (on) {
    i = (vc - v) / rs
  } else {
    i = 0
  }
}

PROCEDURE level() {
  on = 1
  if (dur1) { at_time(dur1) }
  if (dur2) { at_time(tc2) }
  if (dur3) { at_time(tc3) }
  if (t < dur1) {
    vc = amp1
  } else if (t < tc2) {
    vc = amp2
  } else if (t < tc3) {
    vc = amp3
  } else {
    vc = 0
    on = 0
  }
}
`;

export const V_CLAMP = `
: A voltage clamp with two electrodes: an amplifier of finite gain and its time constants, solved together with the voltage
: of the step. Three levels, one after the other.
DEFINE LEVELS 3

NEURON {
  POINT_PROCESS VClamp
  ELECTRODE_CURRENT i
  RANGE e0, vo0, vi0, dur, amp, gain, rstim, tau1, tau2, fac, i
}

UNITS {
  (uS) = (microsiemens)
  (nA) = (nanoamp)
  (mV) = (millivolt)
}

PARAMETER {
  dur[LEVELS] (ms) <0, 1e9>
  amp[LEVELS] (mV)
  gain = 1e5 <0, 1e9>
  rstim = 1 (megohm) <1e-9, 1e9>
  tau1 = 0.001 (ms) <0, 1e9>
  tau2 = 0 (ms) <0, 1e9>
  e0 (mV)
  vo0 (mV)
  vi0 (mV)
  fac = 0 <1, 10>
}

ASSIGNED {
  v (mV)
  dt (ms)
  i (nA)
  stim (mV)
  tc (ms)
}

STATE {
  e (mV)
  vo (mV)
  vi (mV)
}

INITIAL {
  e = 0
  e0 = 0
  vo = v
  vo0 = v
  vi = v
  vi0 = v
}

BREAKPOINT {
  SOLVE advance METHOD after_cvode
  level()
  i = current()
}

: The level of now, and a time tc that lies ahead while the clamp is on.
PROCEDURE level() {
  LOCAL found
  found = 0
  tc = 0
  FROM j = 0 TO LEVELS - 1 {
    if (found == 0) {
      stim = amp[j]
      tc = tc + dur[j]
      if (t < tc) {
        tc = tc + 100
        found = 1
      }
    }
  }
}

FUNCTION current() (nA) {
  if (t > tc) {
    e0 = 0
    vo0 = 0
    current = 0
  } else {
    SOLVE circuit
    current = (vo - v) / rstim
  }
}

LINEAR circuit {
  LOCAL s1, s2
  s1 = tau1 / dt
  s2 = tau2 / dt
  ~ vi = v + fac * vo - fac * v
  ~ s2 * vo - s2 * vo0 + vo = -gain * e
  ~ -stim - e + vi - e + s1 * vi - s1 * e - s1 * (vi0 - e0) = 0
}

PROCEDURE advance() {
  i = current()
  e0 = e
  vo0 = vo
  vi0 = vi
}
`;
