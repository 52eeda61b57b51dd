/**
 * A mechanism's work, independent of who runs it: what is stored for each instance and once for all, and routines of plain
 * arithmetic. The NMODL compiler makes it, a back end (JavaScript, WebAssembly) turns it into code. Names are data: a back
 * end gives every variable a name of its own, so that no text of a mod file reaches generated code.
 *
 * Every solve method, TABLE and unit factor is already plain arithmetic here, in NEURON's order of operations.
 */

/** Numbers that belong to the moment and the node; `v` (mV), `t` and `dt` (ms) may be assigned, and last for the call. */
export type Ambient = 'v' | 't' | 'dt' | 'celsius' | 'area' | 'diam' | 'secondorder';

/** Where a value stands. An absent index means element 0. */
export type Place =
  | { readonly kind: 'local'; readonly name: string; readonly index?: Value }
  | { readonly kind: 'instance'; readonly name: string; readonly index?: Value }
  | { readonly kind: 'global'; readonly name: string; readonly index?: Value }
  /** What a POINTER points at. */
  | { readonly kind: 'pointer'; readonly name: string }
  /** Argument of NET_RECEIVE: a number of the NetCon that delivers, from 0. */
  | { readonly kind: 'weight'; readonly index: number }
  | { readonly kind: 'ambient'; readonly name: Ambient };

export type Operator = '+' | '-' | '*' | '/' | '<' | '>' | '<=' | '>=' | '==' | '!=' | '&&' | '||';

/**
 * Functions every back end has. `exp` clamps as NEURON's does (0 below -700, exp(700) above 700); `pow`, `log` and the rest are
 * C's; `int` truncates towards zero; `uniform` … draw from the instance's RANDOM named by the first argument of the call.
 */
export type Intrinsic =
  | 'exp'
  | 'log'
  | 'log10'
  | 'pow'
  | 'sqrt'
  | 'fabs'
  | 'floor'
  | 'ceil'
  | 'fmod'
  | 'int'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'atan2'
  | 'sinh'
  | 'cosh'
  | 'tanh';

/** A value; conditions are 1 or 0. */
export type Value =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'get'; readonly place: Place }
  | { readonly op: 'negate' | 'not'; readonly of: Value }
  | { readonly op: 'binary'; readonly operator: Operator; readonly left: Value; readonly right: Value }
  | { readonly op: 'call'; readonly function: Intrinsic; readonly arguments: readonly Value[] }
  /** A routine that returns a value. */
  | { readonly op: 'invoke'; readonly routine: string; readonly arguments: readonly Value[] }
  /** A draw from RANDOM variable `random` of the instance. */
  | {
      readonly op: 'draw';
      readonly random: string;
      readonly distribution: 'uniform' | 'normal' | 'negexp' | 'integer';
      readonly arguments: readonly Value[];
    }
  /** scop_random: a draw between 0 and 1 from the generator that all mechanisms of a simulation share. */
  | { readonly op: 'shared-draw' }
  /** 1 where time passes `time` (ms) in this step, as NEURON's at_time says it. */
  | { readonly op: 'at-time'; readonly time: Value };

export type Step =
  | { readonly do: 'set'; readonly place: Place; readonly value: Value }
  | {
      readonly do: 'if';
      readonly condition: Value;
      readonly then: readonly Step[];
      readonly otherwise: readonly Step[];
    }
  | { readonly do: 'while'; readonly condition: Value; readonly body: readonly Step[] }
  /** FROM: `local` is an integer from first to last, both included. */
  | {
      readonly do: 'for';
      readonly local: string;
      readonly first: Value;
      readonly last: Value;
      readonly by: Value;
      readonly body: readonly Step[];
    }
  | { readonly do: 'invoke'; readonly routine: string; readonly arguments: readonly Value[] }
  | { readonly do: 'return' }
  /** Numeric solvers (src/kernel/numeric), on global arrays that the routine `fill` writes. */
  | NumericStep
  /** Events: net_send(delay, flag) to oneself, net_event(time), net_move(time). Times and delays in ms. */
  | { readonly do: 'send'; readonly delay: Value; readonly flag: Value }
  | { readonly do: 'event'; readonly time: Value }
  | { readonly do: 'move'; readonly time: Value }
  /** random_setseq: RANDOM variable `random` of the instance goes to place `at` of its stream. */
  | { readonly do: 'random-sequence'; readonly random: string; readonly at: Value }
  /** set_seed: the shared generator starts again. */
  | { readonly do: 'shared-seed'; readonly seed: Value }
  /** WATCH: deactivates all watches of the instance (not where it `adds`), then activates these, by index into `watches`. */
  | {
      readonly do: 'watch';
      readonly watches: readonly { readonly watch: number; readonly flag: Value }[];
      readonly adds?: true;
    }
  /** FOR_NETCONS: the body once for each NetCon that targets this instance; its `weight`s are that NetCon's. */
  | { readonly do: 'for-netcons'; readonly body: readonly Step[] }
  /** Stops the run with a typed error: an unset FUNCTION_TABLE, a solver that did not converge. */
  | { readonly do: 'fail'; readonly message: string };

/**
 * - newton (derivimplicit, NONLINEAR): finds the `states` at which `residual`, which `fill` writes, vanishes; Jacobian by differences.
 * - sparse (KINETIC): repeats `fill`, which writes `matrix` (row-major, n×n) and `residual`, and adds the solution of
 *   matrix·x = residual to the states, once where `linear`.
 * - linear (LINEAR): solves matrix·x = residual for the states, by elimination with pivots.
 */
export interface NumericStep {
  readonly do: 'newton' | 'sparse' | 'linear';
  readonly states: readonly Place[];
  readonly fill: string;
  /** Names of global arrays, of n·n and n elements. */
  readonly matrix?: string;
  readonly residual: string;
  readonly linear?: boolean;
  /** The local that gets the solver's answer: 0, or its error (src/kernel/numeric). Where absent, an error ends the run. */
  readonly outcome?: string;
  /** Sparse: the (row, column) pairs in the order `fill` first touches them, from which NEURON's order of elimination follows. */
  readonly pattern?: readonly (readonly [row: number, column: number])[];
}

export interface Routine {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Locals besides the parameters, with their lengths (1 for a number); 0 when the routine starts. */
  readonly locals: readonly { readonly name: string; readonly length: number }[];
  /** The local that is returned, where the routine is a function. */
  readonly result: string | null;
  readonly body: readonly Step[];
}

export type Role = 'parameter' | 'assigned' | 'state' | 'ion' | 'constant' | 'internal';

export interface Field {
  readonly name: string;
  readonly length: number;
  readonly role: Role;
  readonly initial: number;
  readonly units: string;
  /** Whether a user sees it: RANGE for an instance's, declared by name for a global. */
  readonly visible: boolean;
  /** Where the file declares it, for messages: 1-based line. */
  readonly line: number;
}

/** Fields of an ion at a node: reversal potential (mV), concentrations (mM), current (mA/cm²). */
export type IonField = 'reversal' | 'inside' | 'outside' | 'current';

export interface IonUse {
  readonly ion: string;
  /** Charge, where the file gives it. */
  readonly valence: number | null;
  /** Copied from the node before a phase runs: `variable` is an instance field. */
  readonly reads: readonly { readonly field: IonField; readonly variable: string }[];
  /** Copied to the node after it; a current is added, and its slope with it. */
  readonly writes: readonly { readonly field: IonField; readonly variable: string }[];
}

/** A current of BREAKPOINT, in order; `ion` null for a non-specific one. Density: mA/cm²; point process: nA. */
export interface Current {
  readonly variable: string;
  readonly ion: string | null;
}

/** Fires when `value` (left side minus right side of the condition) rises above (`>`) or falls below (`<`) 0. */
export interface Watch {
  readonly direction: '>' | '<';
  /** A routine without parameters that returns left - right. */
  readonly value: string;
}

/** Names of routines without parameters, run for each instance. */
export interface Phases {
  readonly initialize?: string;
  /** BREAKPOINT without its SOLVE; run twice a step where there are currents. Absent where there is no current. */
  readonly current?: string;
  /** What SOLVE names, and a BREAKPOINT without a current. */
  readonly state?: string;
  /** Rebuilds TABLEs where what they depend on changed: once before initialize and once before each step, for the mechanism. */
  readonly tables?: string;
  /** NET_RECEIVE; its one parameter is the flag. */
  readonly receive?: string;
  /** INITIAL inside NET_RECEIVE, once for each NetCon. */
  readonly receiveInitial?: string;
  /** CONSTRUCTOR (not a key of that name: every object inherits one) and DESTRUCTOR. */
  readonly construct?: string;
  readonly destroy?: string;
  readonly hooks: readonly { readonly when: HookPoint; readonly routine: string }[];
}
export type HookPoint = 'before-initial' | 'after-initial' | 'before-breakpoint' | 'after-solve' | 'before-step';

/**
 * LONGITUDINAL_DIFFUSION: a state that spreads along the cable, after the state phase of all mechanisms (src/solver/diffusion.ts).
 */
export interface Diffusion {
  /** The state, and the ion's concentration that it stands for, if it does. */
  readonly state: string;
  readonly ion: { readonly ion: string; readonly field: 'inside' | 'outside' } | null;
  readonly length: number;
  /** A routine of one parameter, the state's element, that writes the two instance fields below. */
  readonly routine: string;
  /** Diffusion constant times cross-section; volume by length. */
  readonly coefficient: string;
  readonly volume: string;
}

export interface KernelProgram {
  /** SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL name. */
  readonly name: string;
  readonly kind: 'density' | 'point' | 'artificial';
  readonly file: string;
  readonly instance: readonly Field[];
  readonly global: readonly Field[];
  readonly pointers: readonly string[];
  readonly randoms: readonly string[];
  /** Arguments of NET_RECEIVE; the first is the weight. */
  readonly weights: readonly string[];
  readonly ions: readonly IonUse[];
  readonly currents: readonly Current[];
  /** ELECTRODE_CURRENT: positive current depolarizes. */
  readonly electrode: boolean;
  readonly watches: readonly Watch[];
  readonly routines: ReadonlyMap<string, Routine>;
  readonly phases: Phases;
  /** In the order of the text; none where absent. */
  readonly diffusions?: readonly Diffusion[];
  /** FUNCTION_TABLEs: set by the user before a run; `name` is a routine that fails where it is not. */
  readonly functionTables: readonly { readonly name: string; readonly arguments: number }[];
}
