/**
 * Mechanisms as vector code: the programs of a kind of compartment become a plan (a graph of values for each pass), and
 * plans become functions of one WebAssembly module over the simulation's memory.
 */
export {
  type CodeOptions,
  type CompiledKinds,
  compileKinds,
  type Features,
  type KindFunctions,
  type PlacedKind,
  probeFeatures,
  staticBytes,
} from './codegen/index.ts';
export type * from './graph.ts';
export type { KeptStore } from './kept.ts';
export {
  interpretPrologue,
  type KnownNumbers,
  type PlannedIon,
  type PlannedMechanism,
  type PlanOptions,
  planCompartment,
} from './plan/index.ts';
