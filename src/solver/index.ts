/**
 * The solver: a cell's snapshot, its mechanisms and a table of events become voltages, in pure TypeScript, with no Python and
 * no Node built-ins, so that it runs in a browser too. It takes NEURON's fixed step with NEURON's order of operations and is
 * equal to it to the last bit where both have the same exp, log and pow. What it cannot run so it refuses by name.
 *
 * ```ts
 * const mechanisms = compileSources([{ file: 'Ih.mod', text }]); // NEURON's own are there too
 * const solver = createSolver(cell, { dt: 0.025, order: 1, synapses: PAPER_SYNAPSES, mechanisms });
 * solver.initialize(events);
 * for (let k = 0; k < steps; k++) solver.step(); // solver.v, solver.t
 * ```
 *
 * `createSimulation` runs any circuit: several cells, connections, artificial cells, ions as set. `createCompiledSimulation`
 * runs it with WebAssembly: mode `exact`, equal up to rounding and several times faster, and mode `fast`, with tables.
 */

export type { KeptStore } from '../kernel/wasm/kept.ts';
export type { LibmName } from '../libm/index.ts';
export { PAPER_SYNAPSES, type SynapseSet, synapsesOf } from '../model/synapses.ts';
export { type CellCircuit, type CellParts, cellCircuit, type NodeClamp } from './cell.ts';
export type {
  Circuit,
  EventSource,
  IonSettings,
  MechanismPlacement,
  NetConPlacement,
  PointerSource,
} from './circuit.ts';
export { type CompiledOptions, createCompiledSimulation } from './compiled/index.ts';
export { FAST_TOLERANCE, fastErrorOf, runnableMode, SOLVER_MODES, type SolverMode } from './mode.ts';
export type { Channel, PlayedEvents } from './played.ts';
export { createSimulation, type Simulation, type SimulationOptions } from './simulation.ts';
export { createSolver, type Solver, type SolverOptions } from './solver.ts';
export { compileSources, type Mechanisms } from './sources.ts';
