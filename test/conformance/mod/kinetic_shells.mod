: Calcium that diffuses between shells of the section and binds a buffer: arrays in reactions, FROM loops, file-scope LOCALs.
DEFINE SHELLS 4

NEURON {
  SUFFIX kinetic_shells
  USEION ca READ ica, cai WRITE cai
  GLOBAL diffusion, capacity
}

PARAMETER {
  diffusion = 0.3 (um2/ms)
  capacity = 0.03 (mM)
}

ASSIGNED {
  ica (mA/cm2)
  cai (mM)
  diam (um)
  vol[SHELLS]
  area2[SHELLS]
}

STATE {
  ca[SHELLS] (mM)
  buffer[SHELLS] (mM)
  bound[SHELLS] (mM)
}

LOCAL thickness, outer

INITIAL {
  thickness = diam / 2 / SHELLS
  FROM j = 0 TO SHELLS - 1 {
    outer = diam / 2 - j * thickness
    vol[j] = 3.1416 * (outer^2 - (outer - thickness)^2)
    area2[j] = 2 * 3.1416 * outer / thickness
    ca[j] = cai
    bound[j] = cai * capacity / (cai + 0.01)
    buffer[j] = capacity - bound[j]
  }
}

BREAKPOINT { SOLVE state METHOD sparse }

KINETIC state {
  COMPARTMENT j, vol[j] { ca buffer bound }
  ~ ca[0] << (-ica * 3.1416 * diam * (1e4) / 192970 + 1e-4)
  FROM j = 0 TO SHELLS - 2 { ~ ca[j] <-> ca[j + 1] (diffusion * area2[j + 1], diffusion * area2[j + 1]) }
  FROM j = 0 TO SHELLS - 1 { ~ ca[j] + buffer[j] <-> bound[j] (100 * vol[j], 0.1 * vol[j]) }
  cai = ca[0]
}
