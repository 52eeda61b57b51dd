/**
 * What a mechanism does in a step, whatever it is: a density current, a synapse, later a mechanism compiled from NMODL.
 */
/**
 * One mechanism on all its nodes. A current and its slope are numerical differences, as in NEURON:
 * i1 = i(v + 0.001), i0 = i(v), slope = (i1 - i0) / 0.001.
 */
export interface Kernel {
  /** As the snapshot's mechanismOrder names it. */
  readonly name: string;
  /** Sets the states for the potentials `v` (mV). */
  initialize(v: Float64Array): void;
  /** Subtracts the current density i0 (mA/cm²) from `rhs` and adds its slope (S/cm²) to `d`, node by node. */
  assemble(v: Float64Array, rhs: Float64Array, d: Float64Array): void;
  /** Advances the states by dt at the new potentials. */
  advance(v: Float64Array): void;
  /** Takes an event, where the mechanism is the target of channels. */
  readonly receive?: Receiver;
}

/** An event of weight `weight` for instance `index`. */
export type Receiver = (index: number, weight: number) => void;

/** How far apart the two potentials of a numerical slope are (mV). */
export const NUDGE = 0.001;
