/**
 * The solver's fixed step with compiled code: the same circuits, the same interface and, up to rounding, the same numbers as
 * `createSimulation`, several times faster. Compartments with the same mechanisms run together, two in each vector; what
 * plans cannot express runs as JavaScript on the same memory. A circuit that needs NEURON's very order of operations (shared
 * random numbers, POINTERs, diffusion) runs as it would in mode reference.
 */
export {
  type Arrangement,
  arrangeChannels,
  arrangeCircuit,
  type Kind,
  type KindSlot,
  type Permutation,
} from './arrange.ts';
export type { StepPart, StepProbe } from './probe.ts';
export { type CompiledOptions, createCompiledSimulation } from './simulation.ts';
