: A sodium channel of five states with a loop, initial states by STEADYSTATE, occupancies that sum to 1.
: Surprises: 11.
NEURON {
  SUFFIX kinetic_markov
  USEION na READ ena WRITE ina
  RANGE gbar
}

PARAMETER { gbar = 0.02 (S/cm2) }

ASSIGNED {
  v (mV)
  ena (mV)
  ina (mA/cm2)
}

STATE { c1 c2 c3 o inact }

INITIAL { SOLVE channel STEADYSTATE sparse }

BREAKPOINT {
  SOLVE channel METHOD sparse
  ina = gbar * o * (v - ena)
}

KINETIC channel {
  LOCAL up, down
  up = 2 * exp((v + 40) / 18)
  down = 1.5 * exp(-(v + 40) / 14)
  ~ c1 <-> c2 (2 * up, down)
  ~ c2 <-> c3 (up, 2 * down)
  ~ c3 <-> o (0.8, 0.5)
  ~ o <-> inact (0.3, 0.002)
  ~ c3 <-> inact (0.05, 0.001)
  CONSERVE c1 + c2 + c3 + o + inact = 1
}
