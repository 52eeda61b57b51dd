/**
 * The work of one pass over compartments of one kind, as a graph of values without side effects: what stands between a
 * mechanism's program and WebAssembly. Two compartments at a time go through it, one in each lane of a vector.
 */

import type { Intrinsic } from '../program.ts';

/** Index into `Graph.nodes`; arguments stand before what uses them. */
export type NodeId = number;

export type GraphNode =
  | { readonly op: 'constant'; readonly value: number }
  /** A number of the whole circuit (globals, dt, celsius and what is computed of them), from the pool of uniforms. */
  | { readonly op: 'uniform'; readonly index: number }
  /** A number of each compartment, from a column. */
  | { readonly op: 'load'; readonly column: number }
  | { readonly op: 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max'; readonly a: NodeId; readonly b: NodeId }
  /** a·b + c, fused where the machine can. */
  | { readonly op: 'fma'; readonly a: NodeId; readonly b: NodeId; readonly c: NodeId }
  | { readonly op: 'neg' | 'abs' | 'sqrt' | 'floor' | 'ceil' | 'trunc'; readonly a: NodeId }
  /** Vector functions of src/kernel/wasm/functions; exp clamps as NEURON's does. */
  | { readonly op: 'exp' | 'expm1' | 'log'; readonly a: NodeId }
  | { readonly op: 'pow'; readonly a: NodeId; readonly b: NodeId }
  /** Masks: all bits of a lane set or clear. */
  | { readonly op: 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'; readonly a: NodeId; readonly b: NodeId }
  | { readonly op: 'and' | 'or'; readonly a: NodeId; readonly b: NodeId }
  | { readonly op: 'not'; readonly a: NodeId }
  | { readonly op: 'select'; readonly mask: NodeId; readonly a: NodeId; readonly b: NodeId }
  /** Any function of a program; only in a prologue, which no vector code is made of. */
  | { readonly op: 'call'; readonly function: Intrinsic; readonly arguments: readonly NodeId[] };

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Columns written when everything is computed. */
  readonly stores: readonly { readonly column: number; readonly value: NodeId }[];
}

/** What a column or a uniform holds. */
export type ColumnSource =
  | { readonly kind: 'v' | 'rhs' | 'd' | 'area' | 'diameter' }
  /** Element `element` of a field of the kind's `slot`-th mechanism. */
  | { readonly kind: 'field'; readonly slot: number; readonly field: string; readonly element: number }
  | {
      readonly kind: 'ion';
      readonly ion: string;
      readonly field: 'reversal' | 'inside' | 'outside' | 'current' | 'slope';
    }
  /** Made by `prologue`. */
  | { readonly kind: 'made'; readonly index: number }
  /** Left by one run of the state pass for the next one; NaN before the first. */
  | { readonly kind: 'kept'; readonly index: number }
  /** Filled by tables, which have taken it out of a pass. */
  | { readonly kind: 'tabled'; readonly index: number };

export type UniformSource =
  | { readonly kind: 'clock'; readonly name: 't' | 'dt' | 'celsius' | 'secondorder' }
  | { readonly kind: 'global'; readonly slot: number; readonly field: string; readonly element: number }
  /** A parameter that is the same in all compartments of the kind, where the caller of the planner said so. */
  | { readonly kind: 'field'; readonly slot: number; readonly field: string; readonly element: number }
  /** An ion's field that is the same in all compartments of the kind. */
  | { readonly kind: 'ion'; readonly ion: string; readonly field: 'reversal' | 'inside' | 'outside' }
  | { readonly kind: 'made'; readonly index: number };

/**
 * A pass that is right only where the mask `guard` is set in every lane. The guard and what it is made of stand before
 * everything else in `nodes`, so that code can leave before the work is done.
 */
export interface GuardedGraph extends Graph {
  readonly guard: NodeId;
}

/** Everything one kind of compartment does in a step. */
export interface CompartmentPlan {
  /** Indices into the circuit's mechanisms, in order; a mechanism stands twice where a compartment has two of its point processes. */
  readonly slots: readonly number[];
  readonly columns: readonly ColumnSource[];
  readonly uniforms: readonly UniformSource[];
  /**
   * Run after every start, once INITIAL has run, in a scalar interpreter: uniforms and columns that no step changes. `stores`
   * go to made columns; `uniformStores` to made uniforms.
   */
  readonly prologue: Graph & { readonly uniformStores: readonly { readonly index: number; readonly value: NodeId }[] };
  /** Currents and conductances into rhs and d, at v and t + dt/2. */
  readonly current: Graph;
  /**
   * States at the new v, at t + dt. With order 2 it takes the ions' currents to the middle of the step by itself, from their
   * slopes and rhs; reversal potentials that follow concentrations are those of the next currents as soon as it has run.
   */
  readonly state: Graph;
  /**
   * The same with less, where the potential is in a usual range and little away from the last run's: exponentials are moved on by
   * polynomials from the kept columns, which gather rounding, so that every 128th step or so must run `state`.
   */
  readonly near?: GuardedGraph;
  /** Currents and conductances where the potential is that of the last state pass. */
  readonly nearCurrent?: GuardedGraph;
  /** Mechanisms (slots) that a graph cannot express (loops, events, solvers): they run as JavaScript on the same memory. */
  readonly left: readonly number[];
  /** Why, for each of them. */
  readonly leftBecause?: readonly string[];
}

export function argumentsOf(node: GraphNode): NodeId[] {
  switch (node.op) {
    case 'constant':
    case 'uniform':
    case 'load':
      return [];
    case 'call':
      return [...node.arguments];
    case 'select':
      return [node.mask, node.a, node.b];
    case 'fma':
      return [node.a, node.b, node.c];
    default:
      return 'b' in node ? [node.a, node.b] : [node.a];
  }
}

/** How often each node is wanted for what is stored, and for `more`. */
export function usesOf({ nodes, stores }: Graph, more: readonly NodeId[] = []): Uint32Array {
  const uses = new Uint32Array(nodes.length);
  const use = (id: NodeId): void => {
    uses[id] = (uses[id] ?? 0) + 1;
  };
  for (const { value } of stores) use(value);
  more.forEach(use);
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id];
    if (node !== undefined && uses[id] !== 0) argumentsOf(node).forEach(use);
  }
  return uses;
}
