/** What a solve method needs of the rest of the compiler to turn its block into steps. */
import type { Place, Routine, Step, Value } from '../../kernel/program.ts';
import type { DiagnosticCode, DiagnosticParameters } from '../diagnostics.ts';
import type { Span } from '../source.ts';
import type { Block, Body, Expression, Statement } from '../syntax.ts';

/** A state of the mechanism; `length` 1 for a number. */
export interface StateSymbol {
  readonly name: string;
  readonly length: number;
}

/**
 * The general part of the compiler, seen from src/nmodl/solve. Expressions and statements are lowered in the scope of the
 * block that is being compiled (its LOCALs are locals of the routine under construction).
 */
export interface Lowering {
  readonly states: ReadonlyMap<string, StateSymbol>;
  /**
   * Every name of the file in the order in which it first stands there (after INCLUDE; not in comments, VERBATIM or units):
   * NEURON numbers the states of KINETIC and NONLINEAR blocks by it.
   */
  readonly mentions: readonly string[];
  /** The blocks of the file that a SOLVE can name, in the order of the text. */
  readonly blocks: readonly SolveRequest['block'][];
  /** Integer constants by DEFINE. */
  readonly defines: ReadonlyMap<string, number>;
  expression(expression: Expression): Value;
  /**
   * Lowers a body, at any depth asking `custom` about each statement first (in the scope it stands in): it gives the steps of
   * what only a solve method understands (reactions, equations, assignments to derivatives), or null.
   */
  statements(body: Body, custom?: (statement: Statement) => Step[] | null): Step[];
  /** From here to the end of the routine under construction, the name means this place: f_flux, COMPARTMENT's index. */
  bind(name: string, place: Place): void;
  /** The instance field that holds a state's derivative (`m'` in an expression reads it), as long as the state; made when first asked for. */
  derivative(state: string): string;
  /** Place of a variable of the mechanism, by name and (where an array) element. */
  place(name: string, index: Value | null): Place;
  /** Whether the name, in an expression, changes with the given state: user functions of the state do, for nocmodl's checks. */
  isVariable(name: string): boolean;
  /** A global array of its own (zeros), with a name that no mod file can have; returns the name. */
  workspace(hint: string, length: number): string;
  /** An instance field of its own; returns the name. */
  scratch(hint: string, length: number): string;
  /** A new local of the routine under construction; returns the name. */
  local(hint: string): string;
  /** Adds a routine; `build` runs in a fresh scope (locals are collected from it). Returns its name. */
  routine(hint: string, build: () => Step[]): string;
  /**
   * A state that spreads along the cable. `constant` and `volume` are expressions in which the name of their index stands for the
   * element's number.
   */
  diffusion(state: string, constant: Indexed, volume: Indexed): void;
  /** The state phase takes half a step at secondorder: SOLVEs of the file other than cnexp ask for it, also those in INITIAL. */
  halveStep(): void;
  report<Code extends DiagnosticCode>(code: Code, span: Span, parameters: DiagnosticParameters<Code>): void;
}

/** An expression for every element of a state. */
export interface Indexed {
  readonly index: string | null;
  readonly volume: Expression;
}

/** One SOLVE statement and the block it names. */
export interface SolveRequest {
  readonly block: Extract<Block, { kind: 'named' }>;
  /** `cnexp`, `derivimplicit`, `sparse`, `euler`, … as written; null where none is. */
  readonly method: string | null;
  readonly steadyState: boolean;
  readonly span: Span;
}

/** Turns a SOLVE into the steps that stand in its place (in the state phase, or in INITIAL for STEADYSTATE). */
export type SolveCompiler = (request: SolveRequest, lowering: Lowering) => Step[];
export type { Routine };
