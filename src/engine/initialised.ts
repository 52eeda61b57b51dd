/** A snapshot as NEURON describes it: after initialisation, which may set reversal potentials and parameters. */
import { RefusedError } from '../errors.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { cellCircuit } from '../solver/cell.ts';
import type { Circuit } from '../solver/circuit.ts';
import { createSimulation, type Simulation } from '../solver/simulation.ts';
import type { Mechanisms } from '../solver/sources.ts';

/** Any: nothing is run. */
const DT = 0.025;

/** The cell with what its mechanisms' INITIAL blocks leave in its columns. What the solver refuses stays as it is. */
export function initialised(cell: CellSnapshot, mechanisms: Mechanisms): CellSnapshot {
  const circuit = circuitOf(cell, mechanisms);
  if (circuit === null) return cell;
  const simulation = createSimulation(circuit, { dt: DT, order: 1, libm: 'glibc' });
  simulation.initialize();
  const parameters = new Map([...cell.parameters].map(([name, column]) => [name, column.slice()]));
  for (const [name, column] of parameters) readBack(name, column, circuit, simulation);
  return { ...cell, parameters };
}

function circuitOf(cell: CellSnapshot, mechanisms: Mechanisms): Circuit | null {
  try {
    return cellCircuit({ cell, mechanisms, synapses: null }).circuit;
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}

function readBack(name: string, column: Float64Array, circuit: Circuit, simulation: Simulation): void {
  const [, owner = '', variable = '', index = '0'] = /^([^.]+)\.(\w+)(?:\[(\d+)\])?$/.exec(name) ?? [];
  const present = (node: number): boolean => !Number.isNaN(column[node] as number);
  if (owner.endsWith('_ion')) {
    const { reversal } = simulation.ion(owner.slice(0, -'_ion'.length));
    for (const node of column.keys()) if (present(node)) column[node] = reversal[node] as number;
    return;
  }
  const mechanism = circuit.mechanisms.findIndex(({ kernel }) => kernel.program.name === owner);
  const placement = circuit.mechanisms[mechanism];
  const field = placement?.kernel.program.instance.find((one) => one.name === variable);
  if (placement === undefined || field === undefined) return;
  const values = simulation.instances(mechanism, variable);
  for (const [instance, node] of placement.nodes.entries()) {
    if (present(node)) column[node] = values[instance * field.length + Number(index)] as number;
  }
}
