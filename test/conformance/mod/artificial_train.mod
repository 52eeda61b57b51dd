: An artificial cell that needs no input: it makes events at growing intervals, and answers those that come.
NEURON {
  ARTIFICIAL_CELL artificial_train
  RANGE interval, growth, made, heard, phase
}

PARAMETER {
  interval = 1.7 (ms)
  growth = 1.15
}

ASSIGNED {
  gap (ms)
  made
  heard
  phase
}

INITIAL {
  gap = interval
  made = 0
  heard = 0
  phase = 0
  net_send(gap, 1)
}

NET_RECEIVE (w) {
  if (flag == 0) {
    heard = heard + w
    gap = gap * 0.9
  } else {
    made = made + 1
    phase = phase + sin(t)
    net_event(t)
    gap = gap * growth
    net_send(gap, flag)
  }
}
