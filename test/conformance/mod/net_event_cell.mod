: An artificial cell: it adds up its events between which it decays, and sends one on when full, after which it is deaf.
NEURON {
  ARTIFICIAL_CELL net_event_cell
  RANGE level, fired, tau
}

PARAMETER { tau = 12 (ms) }

ASSIGNED {
  level
  fired
  last (ms)
  deaf
}

INITIAL {
  level = 0
  fired = 0
  last = t
  deaf = 0
}

NET_RECEIVE (w) {
  if (flag == 1) {
    deaf = 0
    last = t
  } else if (deaf == 0) {
    level = level * exp(-(t - last) / tau) + 0.4 + fabs(w)
    last = t
    if (level > 1) {
      net_event(t)
      fired = fired + 1
      level = 0
      deaf = 1
      net_send(1.3, 1)
    }
  }
}
