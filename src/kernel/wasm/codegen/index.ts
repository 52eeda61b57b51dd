/**
 * Plans as WebAssembly: one module for all kinds of compartments of a circuit, with two functions for each kind that pass
 * over its compartments two or four at a time. Addresses are part of the code, so that memory is laid out first; numbers
 * that the code shares (tables, constants) stand in the same memory, as many as `staticBytes` says. Without `contract` the
 * code computes the bits that the scalar interpreter of plans does with src/libm.
 */
export { compileKinds, staticBytes } from './compile.ts';
export { type Features, probeFeatures } from './features.ts';
export type { CodeOptions, CompiledKinds, KindFunctions, PlacedKind } from './layout.ts';
