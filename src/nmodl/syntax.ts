/** The syntax tree of a mechanism file. Every node knows its place in the text. */
import type { Span } from './source.ts';

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '<' | '>' | '<=' | '>=' | '==' | '!=' | '&&' | '||';

export type Expression = Span &
  (
    | { readonly kind: 'number'; readonly text: string; readonly units: string | null }
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'variable'; readonly name: string; readonly primes: number; readonly index: Expression | null }
    | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
    | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'group'; readonly inner: Expression }
  );

/** One side of a reaction: `2 a + b`. */
export interface Reactant extends Span {
  readonly coefficient: string | null;
  readonly name: string;
  readonly index: Expression | null;
}

/** A name that is declared: an argument with units, a LOCAL with its length. */
export interface Declarator extends Span {
  readonly name: string;
  readonly length: string | null;
  readonly units: string | null;
}

export type Statement = Span &
  (
    | { readonly kind: 'assign'; readonly target: Expression; readonly value: Expression }
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'local'; readonly names: readonly Declarator[] }
    | { readonly kind: 'if'; readonly condition: Expression; readonly then: Body; readonly otherwise: Body | null }
    | { readonly kind: 'while'; readonly condition: Expression; readonly body: Body }
    | {
        readonly kind: 'from';
        readonly name: string;
        readonly first: Expression;
        readonly last: Expression;
        readonly by: Expression | null;
        readonly body: Body;
      }
    | { readonly kind: 'solve'; readonly name: string; readonly method: string | null; readonly steadyState: boolean }
    | {
        readonly kind: 'table';
        readonly names: readonly string[];
        readonly depend: readonly string[];
        readonly first: Expression;
        readonly last: Expression;
        readonly steps: Expression;
      }
    | { readonly kind: 'equation'; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'reaction';
        readonly left: readonly Reactant[];
        readonly arrow: '<->' | '<<' | '->';
        readonly right: readonly Reactant[];
        readonly rates: readonly Expression[];
      }
    | { readonly kind: 'conserve'; readonly left: readonly Reactant[]; readonly right: Expression }
    | {
        readonly kind: 'compartment' | 'diffusion';
        readonly index: string | null;
        readonly volume: Expression;
        readonly names: readonly string[];
      }
    | {
        readonly kind: 'watch';
        readonly conditions: readonly { readonly when: Expression; readonly flag: Expression }[];
      }
    | { readonly kind: 'for-netcons'; readonly names: readonly Declarator[]; readonly body: Body }
    | { readonly kind: 'initial'; readonly body: Body }
    | { readonly kind: 'protect'; readonly statement: Statement }
    /** Braces with nothing before them. */
    | { readonly kind: 'block'; readonly body: Body }
    | { readonly kind: 'conductance'; readonly name: string; readonly ion: string | null }
    | { readonly kind: 'marker'; readonly name: 'UNITSON' | 'UNITSOFF' | 'MUTEXLOCK' | 'MUTEXUNLOCK' }
    | { readonly kind: 'verbatim'; readonly text: string }
  );

export interface Body extends Span {
  readonly statements: readonly Statement[];
}

/** A line of PARAMETER, CONSTANT, ASSIGNED, STATE or INDEPENDENT. */
export interface Variable extends Span {
  readonly name: string;
  readonly length: string | null;
  readonly value: string | null;
  readonly units: string | null;
  /** `<low, high>` of a parameter, `<tolerance>` of a state. */
  readonly limits: readonly string[];
  readonly from: string | null;
  readonly to: string | null;
  readonly startValue: string | null;
  readonly with: string | null;
}

/** A line of UNITS: `(mV) = (millivolt)`, `F = (faraday) (coulomb)`, `pi = 3.14 (1)`. */
export interface UnitLine extends Span {
  readonly name: string;
  readonly isUnit: boolean;
  readonly value: string | null;
  readonly units: readonly string[];
}

export type NeuronStatement = Span &
  (
    | {
        readonly kind: 'mechanism';
        readonly keyword: 'SUFFIX' | 'POINT_PROCESS' | 'ARTIFICIAL_CELL';
        readonly name: string;
      }
    | {
        readonly kind: 'ion';
        readonly name: string;
        readonly read: readonly string[];
        readonly write: readonly string[];
        readonly valence: string | null;
        readonly represents: string | null;
      }
    | { readonly kind: 'names'; readonly keyword: NeuronList; readonly names: readonly string[] }
    /** What the mechanism is, in an ontology. */
    | { readonly kind: 'represents'; readonly identifier: string }
  );

export const NEURON_LISTS = [
  'NONSPECIFIC_CURRENT',
  'ELECTRODE_CURRENT',
  'RANGE',
  'GLOBAL',
  'POINTER',
  'BBCOREPOINTER',
  'EXTERNAL',
  'THREADSAFE',
  'RANDOM',
  'SECTION',
] as const;
export type NeuronList = (typeof NEURON_LISTS)[number];

export const VARIABLE_BLOCKS = ['PARAMETER', 'CONSTANT', 'ASSIGNED', 'STATE', 'INDEPENDENT'] as const;
export const NAMED_BLOCKS = ['DERIVATIVE', 'KINETIC', 'LINEAR', 'NONLINEAR', 'DISCRETE'] as const;
export const PLAIN_BLOCKS = ['INITIAL', 'BREAKPOINT', 'CONSTRUCTOR', 'DESTRUCTOR', 'TERMINAL'] as const;

export type Block = Span &
  (
    | { readonly kind: 'title'; readonly text: string }
    | { readonly kind: 'neuron'; readonly statements: readonly NeuronStatement[] }
    | { readonly kind: 'units'; readonly lines: readonly UnitLine[] }
    | {
        readonly kind: 'variables';
        readonly keyword: (typeof VARIABLE_BLOCKS)[number];
        readonly variables: readonly Variable[];
      }
    | { readonly kind: 'plain'; readonly keyword: (typeof PLAIN_BLOCKS)[number]; readonly body: Body }
    | {
        readonly kind: 'named';
        readonly keyword: (typeof NAMED_BLOCKS)[number];
        readonly name: string;
        readonly solveFor: readonly string[];
        readonly body: Body;
      }
    | {
        readonly kind: 'function';
        readonly keyword: 'FUNCTION' | 'PROCEDURE';
        readonly name: string;
        readonly arguments: readonly Declarator[];
        readonly units: string | null;
        readonly body: Body;
      }
    | {
        readonly kind: 'function-table';
        readonly name: string;
        readonly arguments: readonly Declarator[];
        readonly units: string | null;
      }
    | { readonly kind: 'net-receive'; readonly arguments: readonly Declarator[]; readonly body: Body }
    | { readonly kind: 'hook'; readonly when: 'BEFORE' | 'AFTER'; readonly at: string; readonly body: Body }
    | { readonly kind: 'local'; readonly names: readonly Declarator[] }
    | { readonly kind: 'define'; readonly name: string; readonly value: string }
    | { readonly kind: 'include'; readonly file: string }
    | { readonly kind: 'marker'; readonly name: 'UNITSON' | 'UNITSOFF' }
    | { readonly kind: 'verbatim'; readonly text: string }
  );

/** A whole file. */
export interface Mechanism {
  readonly blocks: readonly Block[];
}
