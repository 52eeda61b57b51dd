: net_move: a self event that is under way is put to another time. Each external event postpones it a little less.
NEURON {
  ARTIFICIAL_CELL net_move_cell
  RANGE due, events, fired
}

ASSIGNED {
  due (ms)
  events
  fired
}

INITIAL {
  events = 0
  fired = 0
  due = 9
  net_send(due, 1)
}

NET_RECEIVE (w) {
  if (flag == 1) {
    fired = fired + 1
    net_event(t)
    due = t + 9
    net_send(9, 1)
  } else {
    events = events + 1
    due = t + 0.5 + 6 / (1 + events)
    net_move(due)
  }
}
