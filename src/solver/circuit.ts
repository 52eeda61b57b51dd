/** What a simulation runs: a tree of nodes, mechanisms on them, ions, and connections. Made by src/model or by hand. */
import type { CompiledKernel } from '../kernel/linkage.ts';
import type { IonField } from '../kernel/program.ts';

/** A compiled mechanism on its nodes. */
export interface MechanismPlacement {
  readonly kernel: CompiledKernel;
  /** Node of each instance, in NEURON's order: by node, on a node the last made first; -1 for artificial cells. */
  readonly nodes: Int32Array;
  /** RANGE parameters that differ from the file's: one number, or one an instance (times the field's length). */
  readonly parameters: ReadonlyMap<string, number | Float64Array>;
  readonly globals: ReadonlyMap<string, number>;
  /** One source an instance, by POINTER. */
  readonly pointers?: ReadonlyMap<string, readonly PointerSource[]>;
  /** Random123 identifiers of RANDOM variables, one an instance. */
  readonly randoms?: ReadonlyMap<string, readonly (readonly [number, number, number])[]>;
  /** FUNCTION_TABLE data. */
  readonly tables?: ReadonlyMap<string, { readonly abscissae: Float64Array; readonly values: Float64Array }>;
}

export type PointerSource =
  | { readonly kind: 'v'; readonly node: number }
  | { readonly kind: 'ion'; readonly ion: string; readonly field: IonField; readonly node: number }
  /** Element `index` of a field of an instance of `mechanisms[mechanism]`. */
  | {
      readonly kind: 'instance';
      readonly mechanism: number;
      readonly instance: number;
      readonly variable: string;
      readonly index: number;
    };

/** What a user sets of an ion, by node; NaN where the default holds. */
export interface IonSettings {
  readonly valence?: number;
  /** mV. */
  readonly reversal?: Float64Array;
  /** Initial concentrations (mM): NEURON's cai0_ca_ion and cao0_ca_ion. */
  readonly inside0?: number;
  readonly outside0?: number;
  /** Concentrations set on segments (mM), which last where the style does not initialise them. */
  readonly inside?: Float64Array;
  readonly outside?: Float64Array;
}

export type EventSource =
  /** Crossing of `threshold` (mV) by the potential of `node`, upwards. */
  | { readonly kind: 'voltage'; readonly node: number; readonly threshold: number }
  /** net_event of an instance of `mechanisms[mechanism]`, or, without a NET_RECEIVE, its variable x coming above 10. */
  | { readonly kind: 'instance'; readonly mechanism: number; readonly instance: number }
  /** Events at given times (ms), sorted. */
  | { readonly kind: 'times'; readonly times: Float64Array };

export interface NetConPlacement {
  readonly source: EventSource;
  readonly target: { readonly mechanism: number; readonly instance: number } | null;
  /** ms. */
  readonly delay: number;
  /** The first is the weight; as many as the target's NET_RECEIVE has arguments. */
  readonly weights: readonly number[];
}

export interface Circuit {
  /** °C, mV. */
  readonly celsius: number;
  readonly vInit: number;
  readonly nodes: number;
  /** -1 for roots, which come first; a parent comes before its children. */
  readonly parent: Int32Array;
  /** Off-diagonal terms as NEURON holds them (mS/cm², negative): A acts on the parent's row, B on the node's own. */
  readonly axialA: Float64Array;
  readonly axialB: Float64Array;
  /** µm², µm, µF/cm² (0 where there is no membrane). */
  readonly area: Float64Array;
  readonly diameter: Float64Array;
  readonly cm: Float64Array;
  /**
   * How long each node's compartment is (µm), and which section it belongs to, by any number; needed only where something
   * spreads along the cable. A root and a section's end belong to their section.
   */
  readonly lengths?: Float64Array;
  readonly sections?: Int32Array;
  /** In the order NEURON runs them. Ions run before all of them. */
  readonly mechanisms: readonly MechanismPlacement[];
  readonly ions: ReadonlyMap<string, IonSettings>;
  readonly netcons: readonly NetConPlacement[];
}
