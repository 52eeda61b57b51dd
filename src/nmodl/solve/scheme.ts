/** What a KINETIC block says, before any code: its states and their numbers, conservation, compartments, the matrix's pattern. */
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import type { Body, Expression, Reactant, Statement } from '../syntax.ts';
import { bodiesOf } from './bodies.ts';
import { constantOf } from './constant.ts';
import { inNeuronOrder } from './order.ts';

export type Reaction = Extract<Statement, { kind: 'reaction' }>;
export type Conserve = Extract<Statement, { kind: 'conserve' }>;

/** One reactant, or one term of a CONSERVE. */
export interface Term {
  readonly name: string;
  readonly index: Expression | null;
  readonly count: number;
  /** Whether the block solves for it; else it is a number like any other. */
  readonly isState: boolean;
}

export interface Compartment {
  readonly index: string | null;
  readonly volume: Expression;
}

export interface Scheme {
  /** States in the order of their numbers, with the number of their first element. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Elements of all states: the number of equations. */
  readonly size: number;
  /** The first equations are those of CONSERVE, by statement. */
  readonly conserved: ReadonlyMap<Conserve, number>;
  readonly compartments: ReadonlyMap<string, Compartment>;
  readonly isLinear: boolean;
  readonly pattern: readonly (readonly [row: number, column: number])[];
}

/** Reads a scheme; null, with diagnostics, where NEURON's compiler would not take it. */
export function schemeOf({ block }: SolveRequest, lowering: Lowering): Scheme | null {
  const statements = [...bodiesOf(block.body)];
  const reactions = statements.filter((one) => one.kind === 'reaction');
  // NEURON's compiler keeps both lists in reverse.
  const conserves = statements.filter((one) => one.kind === 'conserve').reverse();
  const read = (side: readonly Reactant[]): Term[] => termsOf(side, block.solveFor, lowering);
  const used = new Set<string>();
  for (const term of [...conserves, ...reactions].flatMap((one) => read(sidesOf(one)))) {
    if (term.isState) used.add(term.name);
  }
  if (used.size === 0) {
    lowering.report('no-equations', block, { name: block.name });
    return null;
  }
  const numbers = new Map<string, number>();
  const conserved = new Map<Conserve, number>();
  for (const conserve of conserves) {
    const terms = read(conserve.left);
    const diagonal = terms.find(({ name }) => !numbers.has(name) && lowering.states.get(name)?.length === 1);
    const stranger = terms.find(({ isState }) => !isState);
    if (stranger !== undefined) {
      lowering.report('conserve-not-solved', conserve, { name: stranger.name });
      return null;
    }
    if (diagonal === undefined) {
      lowering.report('conserve-without-equation', conserve, {});
      return null;
    }
    conserved.set(conserve, numbers.size);
    numbers.set(diagonal.name, numbers.size);
  }
  let size = numbers.size;
  for (const name of inNeuronOrder([...used], lowering)) {
    if (numbers.has(name)) continue;
    numbers.set(name, size);
    size += lowering.states.get(name)?.length ?? 1;
  }
  const compartments = new Map<string, Compartment>();
  for (const one of statements) {
    if (one.kind !== 'compartment') continue;
    for (const name of one.names) if (numbers.has(name)) compartments.set(name, one);
  }
  if (reportConditional(block.body, lowering)) return null;
  const isLinear = reactions.every((one) => isFirstOrder(one, read));
  const scheme = { numbers, size, conserved, compartments, isLinear };
  return { ...scheme, pattern: patternOf(block.body, scheme, read, lowering) };
}

/** Reports what writes matrix elements under a condition: NEURON takes for granted that each step writes the same ones. */
function reportConditional(body: Body, lowering: Lowering): boolean {
  const inside = body.statements.flatMap((statement) => {
    if (statement.kind === 'if')
      return [statement.then, ...(statement.otherwise === null ? [] : [statement.otherwise])];
    return statement.kind === 'while' ? [statement.body] : [];
  });
  const conditional = inside
    .flatMap((one) => [...bodiesOf(one)])
    .filter((one) => one.kind === 'conserve' || (one.kind === 'reaction' && one.arrow !== '<<'));
  for (const one of conditional) lowering.report('reaction-in-condition', one, {});
  const nested = body.statements.filter((one) => one.kind === 'from' || one.kind === 'block');
  return nested.map((one) => reportConditional(one.body, lowering)).includes(true) || conditional.length > 0;
}

function sidesOf(one: Reaction | Conserve): readonly Reactant[] {
  return one.kind === 'reaction' ? [...one.left, ...one.right] : one.left;
}

/** The terms of a side, last first, as NEURON's compiler takes them. */
export function termsOf(side: readonly Reactant[], solveFor: readonly string[], lowering: Lowering): Term[] {
  return side
    .map(({ name, index, coefficient }) => ({
      name,
      index,
      count: coefficient === null ? 1 : Number(coefficient),
      isState: lowering.states.has(name) && (solveFor.length === 0 || solveFor.includes(name)),
    }))
    .reverse();
}

type ReadSide = (side: readonly Reactant[]) => Term[];

/** Whether no rate is multiplied by more than one reactant, a state or not, where a state is among them. */
function isFirstOrder({ arrow, left, right }: Reaction, read: ReadSide): boolean {
  if (arrow === '<<') return true;
  return [left, right].every((side) => {
    const terms = read(side);
    const order = terms.reduce((sum, { count }) => sum + count, 0);
    return order <= 1 || !terms.some(({ isState }) => isState);
  });
}

/**
 * The elements of the matrix that the block writes. FROM loops with constant bounds are followed; where an index is not known
 * before the run, all elements of the state count.
 */
function patternOf(
  body: Body,
  scheme: Omit<Scheme, 'pattern'>,
  read: ReadSide,
  lowering: Lowering,
): readonly (readonly [number, number])[] {
  const { numbers, size, conserved } = scheme;
  const pairs = new Map<number, readonly [number, number]>();
  const write = (row: number, column: number): void => {
    pairs.set(row * size + column, [row, column]);
  };
  for (let k = conserved.size; k < size; k++) write(k, k);
  follow(body, new Map());
  return [...pairs.values()];

  function follow(inner: Body, known: ReadonlyMap<string, number>): void {
    for (const statement of inner.statements) {
      if (statement.kind === 'if') {
        follow(statement.then, known);
        if (statement.otherwise !== null) follow(statement.otherwise, known);
      } else if (statement.kind === 'while' || statement.kind === 'block') {
        follow(statement.body, known);
      } else if (statement.kind === 'from') {
        const [first, last] = [statement.first, statement.last].map((one) => constantOf(one, known, lowering));
        const by = statement.by === null ? 1 : constantOf(statement.by, known, lowering);
        if (first === undefined || last === undefined || !by) follow(statement.body, known);
        else for (let i = first; i <= last; i += by) follow(statement.body, new Map([...known, [statement.name, i]]));
      } else if (statement.kind === 'reaction') {
        react(statement, known);
      } else if (statement.kind === 'conserve') {
        const row = conserved.get(statement) ?? 0;
        for (const term of read(statement.left)) for (const column of elements(term, known)) write(row, column);
      }
    }
  }

  function react({ arrow, left, right }: Reaction, known: ReadonlyMap<string, number>): void {
    if (arrow === '<<') return;
    const states = [...read(left), ...read(right)].filter(({ isState }) => isState);
    for (const of of states) {
      for (const to of states) {
        if ((numbers.get(to.name) ?? 0) < conserved.size) continue;
        for (const row of elements(to, known)) for (const column of elements(of, known)) write(row, column);
      }
    }
  }

  function elements({ name, index }: Term, known: ReadonlyMap<string, number>): number[] {
    const first = numbers.get(name) ?? 0;
    const length = lowering.states.get(name)?.length ?? 1;
    const element = index === null ? 0 : constantOf(index, known, lowering);
    if (element !== undefined) return [first + element].filter((number) => number < size);
    return Array.from({ length }, (_, k) => first + k);
  }
}
