/** From a snapshot's mechanisms to the kernels that run them, in NEURON's order. */
import { RefusedError } from '../errors.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { Kernel } from './kernel.ts';
import type { Libm } from './libm.ts';
import { createPassiveMembrane } from './membrane.ts';
import { createExcitatory, createGaba } from './synapse.ts';

/** Names that carry nothing to run here: the capacitance is part of the step, an ion without channels does nothing. */
const INERT = /^(capacitance|morphology)$|_ion$/;
const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'] as const;

/** The cell's mechanisms by name, in NEURON's order; the ones of the synapses last where the snapshot leaves them out. */
function mechanismsOf(cell: CellSnapshot): string[] {
  const ordered = cell.mechanismOrder.filter((name) => !INERT.test(name));
  const names = new Set(ordered);
  for (const key of cell.parameters.keys()) {
    const name = key.slice(0, key.indexOf('.'));
    if (!INERT.test(name)) names.add(name);
  }
  for (const name of SYNAPSES) names.add(name);
  return [...names];
}

/** One kernel a mechanism. Anything but `pas` and the experiment's synapses is refused by name. */
export function createKernels(cell: CellSnapshot, synapses: SynapseSet | null, dt: number, libm: Libm): Kernel[] {
  const kernels: Kernel[] = [];
  for (const name of mechanismsOf(cell)) {
    if (name === 'pas') kernels.push(createPassiveMembrane(cell));
    else if (name === 'TwincellExcitatory') {
      if (synapses !== null) kernels.push(createExcitatory(cell, synapses, dt, libm));
    } else if (name === 'TwincellGaba') {
      if (synapses !== null) kernels.push(createGaba(cell, synapses, dt, libm));
    } else if (name !== 'TwincellPlayer') throw refused(name);
  }
  return kernels;
}

function refused(name: string): RefusedError {
  return new RefusedError(
    `the solver does not run mechanism ${name}: it has the passive membrane and the synapses only`,
    {
      construct: `mechanism ${name}`,
      remedy: 'Use --passive for a cell without active channels, or --engine neuron.',
    },
  );
}
