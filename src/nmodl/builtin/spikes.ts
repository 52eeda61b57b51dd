/** What counts spikes and what makes them, as NEURON has it built in, in texts of our own. */

export const AP_COUNT = `
: Counts how often the voltage comes to a threshold from below, and notes when it last did.
NEURON {
  THREADSAFE
  POINT_PROCESS APCount
  RANGE n, thresh, time, firing
}

UNITS { (mV) = (millivolt) }

PARAMETER {
  n
  thresh = -20 (mV)
  time (ms)
}

ASSIGNED {
  v (mV)
  firing
}

INITIAL {
  n = 0
  firing = 0
  check()
}

BREAKPOINT { SOLVE check METHOD after_cvode }

PROCEDURE check() {
  if (v >= thresh && firing == 0) {
    firing = 1
    time = t
    n = n + 1
  }
  if (firing != 0 && v < thresh && t > time) { firing = 0 }
}
`;

export const NET_STIM = `
: A train of spikes of its own: regular, or with a part of each interval drawn from an exponential distribution. An event of
: positive weight starts it, one of negative weight stops it. Self events: 3 begins the first train, 1 is a spike.
NEURON {
  THREADSAFE
  ARTIFICIAL_CELL NetStim
  RANGE interval, number, start, noise
  RANDOM ranvar
}

PARAMETER {
  interval = 10 (ms) <1e-9, 1e9>
  number = 10 <0, 1e9>
  start = 50 (ms)
  noise = 0 <0, 1>
}

ASSIGNED {
  event (ms)
  on
  ispike
}

INITIAL {
  seed(0)
  on = 0
  ispike = 0
  if (noise < 0) { noise = 0 }
  if (noise > 1) { noise = 1 }
  if (start >= 0 && number > 0) {
    on = 1
    : The first spike is early by its interval's certain part, so that it comes on average at start + noise * interval.
    event = start + invl(interval) - interval * (1 - noise)
    if (event < 0) { event = 0 }
    net_send(event, 3)
  }
}

PROCEDURE init_sequence(t (ms)) {
  if (number > 0) {
    on = 1
    event = 0
    ispike = 0
  }
}

FUNCTION invl(mean (ms)) (ms) {
  if (mean <= 0) { mean = 0.01 (ms) }
  if (noise == 0) {
    invl = mean
  } else {
    invl = (1 - noise) * mean + noise * mean * erand()
  }
}

FUNCTION erand() { erand = random_negexp(ranvar) }

PROCEDURE next_invl() {
  if (number > 0) { event = invl(interval) }
  if (ispike >= number) { on = 0 }
}

PROCEDURE seed(x) { random_setseq(ranvar, x) }

NET_RECEIVE (w) {
  if (flag == 0) {
    if (w > 0 && on == 0) {
      init_sequence(t)
      next_invl()
      event = event - interval * (1 - noise)
      net_send(event, 1)
    } else if (w < 0) {
      on = 0
    }
  }
  if (flag == 3) {
    if (on == 1) {
      init_sequence(t)
      net_send(0, 1)
    }
  }
  if (flag == 1 && on == 1) {
    ispike = ispike + 1
    net_event(t)
    next_invl()
    if (on == 1) { net_send(event, 1) }
  }
}
`;
