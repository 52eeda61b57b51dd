/** Where plans find their numbers in the memory, and what compiling them gives. */
import type { CompartmentPlan } from '../graph.ts';
import type { Features } from './features.ts';

/** A kind of compartment and where its numbers stand. */
export interface PlacedKind {
  readonly plan: CompartmentPlan;
  /**
   * Byte address of each column's first compartment, by index into `plan.columns`; compartments follow each other 8 bytes
   * apart. Multiples of 16 are fastest. Columns that a pass stores overlap with no other column of the pass.
   */
  readonly columns: readonly number[];
  /** Byte address of the uniform with index 0; they follow each other 8 bytes apart. */
  readonly uniforms: number;
  /** Compartments, a multiple of 4 (padding included). */
  readonly count: number;
}

export interface CodeOptions {
  /** Byte address of tables and constants, a multiple of 16; `staticBytes` says how much room they need. */
  readonly statics: number;
  readonly features: Features;
  /**
   * Whether products and sums of a graph, and of the vector functions, may be fused where the machine can, and decaying
   * states end at some 1e-100; false (where absent) gives the bits of the scalar interpreter.
   */
  readonly contract?: boolean;
  /** Compartments in one round of the loop, 4 where absent. */
  readonly lanes?: 2 | 4;
  /** Whether V8's 256-bit revectorizer shall be able to join the halves of a round of 4; costs a little without it. */
  readonly pairable?: boolean;
}

/** One pass over all compartments of a kind. */
export interface KindFunctions {
  current(): void;
  state(): void;
  /** The plan's shorter forms, with the full ones for compartments where their guard fails; the full ones where it has none. */
  nearCurrent(): void;
  nearState(): void;
}

export interface CompiledKinds {
  /** The module; it imports its memory as `twincell.memory` and exports the passes by name and number of kind, like
   * `current0`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What must stand at `statics` before the code runs; copy it with `set`, some of it are bit patterns. */
  readonly statics: Float64Array;
  /** Writes the statics into the memory and links the code to it. */
  instantiate(memory: WebAssembly.Memory): readonly KindFunctions[];
  /** The same as one pass over all kinds, one after the other: a call from JavaScript costs more than a call inside. */
  instantiateTogether(memory: WebAssembly.Memory): KindFunctions;
}
