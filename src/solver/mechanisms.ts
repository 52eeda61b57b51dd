/** From a snapshot's mechanisms to the kernels that run them, in NEURON's order. */
import { RefusedError } from '../errors.ts';
import type { Libm } from '../libm/index.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { Kernel } from './kernel.ts';
import { createPassiveMembrane } from './membrane.ts';
import { createExcitatory, createGaba } from './synapse.ts';

/** Nothing to run here: the capacitance is part of the step, an ion without channels does nothing, events come as a table. */
const INERT = /^(capacitance|morphology|TwincellPlayer)$|_ion$/;
const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'] as const;

/** The cell's mechanisms in NEURON's order; the synapses' come last where the snapshot was made without them. */
function mechanismsOf(cell: CellSnapshot): Set<string> {
  return new Set([...cell.mechanismOrder.filter((name) => !INERT.test(name)), ...SYNAPSES]);
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
    } else throw refused(name);
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
