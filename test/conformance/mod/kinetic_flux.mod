: What flowed in the reaction above: f_flux and b_flux after a reaction, here the current of a pump.
NEURON {
  SUFFIX kinetic_flux
  USEION ca READ cao, cai, ica WRITE cai, ica
  RANGE pumped
}

UNITS { F = (faraday) (coulomb) }

PARAMETER {
  depth = 0.3 (um)
  surface = 0.02
}

ASSIGNED {
  v (mV)
  cao (mM)
  ica (mA/cm2)
  pumped (mA/cm2)
}

STATE {
  cai (mM)
  pump
  pumpca
}

INITIAL {
  cai = 2e-3
  pump = surface
  pumpca = 0
  pumped = 0
}

BREAKPOINT {
  SOLVE pumping METHOD sparse
  ica = pumped + 1e-4
}

KINETIC pumping {
  COMPARTMENT depth { cai }
  ~ cai + pump <-> pumpca (500, 0.5)
  ~ pumpca <-> pump + cao (1.5, 1e-4)
  pumped = (1e-4) * 2 * F * (f_flux - b_flux)
  ~ cai << (1e-5 * (v + 80) - 1e-3 * cai)
}
