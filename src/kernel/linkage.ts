/** What compiled code is given to run on, and what it gives back; the same for every back end. */
import type { Libm } from '../libm/index.ts';
import type { Field, HookPoint, KernelProgram } from './program.ts';
import type { SharedRandom } from './shared-random.ts';

/** The numbers of the moment, at fixed places of one array that the solver writes. */
export const CLOCK = { t: 0, dt: 1, celsius: 2, secondorder: 3 } as const;

/** One ion's values at all nodes (indexed by node). */
export interface IonStore {
  /** mV. */
  readonly reversal: Float64Array;
  /** mM. */
  readonly inside: Float64Array;
  readonly outside: Float64Array;
  /** mA/cm². */
  readonly current: Float64Array;
  /** S/cm². */
  readonly slope: Float64Array;
}

/** Where an instance's events go. Times in ms. */
export interface EventSink {
  send(instance: number, delay: number, flag: number): void;
  event(instance: number, time: number): void;
  move(instance: number, time: number): void;
  /** Deactivates all watches of the instance. */
  clearWatches(instance: number): void;
  watch(instance: number, watch: number, flag: number): void;
  /** Weights of the NetCons that target the instance, for FOR_NETCONS. */
  netcons(instance: number): readonly Float64Array[];
}

/** A RANDOM variable's stream: a draw advances it. */
export interface RandomStream {
  uniform(low: number, high: number): number;
  normal(mean: number, deviation: number): number;
  negexp(mean: number): number;
  /** Without limits (random_ipick) any of the 2³² words. */
  integer(low?: number, high?: number): number;
  /** Goes to draw `at` of the stream (random_setseq). */
  sequence(at: number): void;
}

/** A number that a POINTER points at. */
export interface PointerTarget {
  readonly array: Float64Array;
  readonly index: number;
}

export type Storage = (owner: 'instance' | 'global', field: Field, length: number) => Float64Array;

export interface Linkage {
  readonly count: number;
  /** Node of each instance; -1 for an artificial cell. */
  readonly nodes: Int32Array;
  /** By node: mV, right-hand side, diagonal, µm², µm. */
  readonly v: Float64Array;
  readonly rhs: Float64Array;
  readonly d: Float64Array;
  readonly area: Float64Array;
  readonly diameter: Float64Array;
  /** See CLOCK. */
  readonly clock: Float64Array;
  readonly ions: ReadonlyMap<string, IonStore>;
  readonly libm: Libm;
  readonly events: EventSink;
  /** By name, one target an instance. */
  readonly pointers: ReadonlyMap<string, readonly PointerTarget[]>;
  /** What all mechanisms of a simulation draw from; one of its own where it is absent. */
  readonly shared?: SharedRandom;
  readonly randoms: ReadonlyMap<string, readonly RandomStream[]>;
  /**
   * Where the numbers of a field stand, filled with what it starts from or with what another link of the same mechanism left
   * there; arrays of the back end's own where absent.
   */
  readonly storage?: Storage;
  /** Called where the program fails (no convergence, an unset table); throws. */
  readonly fail: (instance: number, message: string) => never;
}

/** A mechanism on its nodes, ready to run. Every phase runs all instances in order. */
export interface LinkedKernel {
  readonly program: KernelProgram;
  readonly count: number;
  /** `count · length` numbers of a field; element e of instance i stands at i·length + e. */
  instance(name: string): Float64Array;
  global(name: string): Float64Array;
  /** A field by name, instance's or global's. */
  field(name: string): Field | undefined;
  /** TABLEs that must be made again are. */
  tables(): void;
  initialize(): void;
  constructInstances(): void;
  destroyInstances(): void;
  /** Adds currents and conductances to rhs and d, as NEURON's nrn_cur and nrn_jacob do; adds to the ions' currents and slopes. */
  current(): void;
  state(): void;
  hook(when: HookPoint): void;
  /** Writes coefficient and volume of `program.diffusions[diffusion]`, for one element of its state, at all instances. */
  diffusion(diffusion: number, element: number): void;
  /** `weights` of the NetCon at `offset`; for an event of its own, those that the instance holds. */
  receive(instance: number, weights: Float64Array, flag: number): void;
  receiveInitial(instance: number, weights: Float64Array): void;
  watchValue(instance: number, watch: number): number;
  /** Sets a FUNCTION_TABLE: values at increasing abscissae. */
  setTable(name: string, abscissae: Float64Array, values: Float64Array): void;
}

/** A back end's product: the program as code, to be linked to any number of cells. */
export interface CompiledKernel {
  readonly program: KernelProgram;
  /** The code, for a person to read. */
  readonly source: string;
  link(linkage: Linkage): LinkedKernel;
}
