/** The steps a reaction or a CONSERVE adds to the equations of a KINETIC block. */
import type { Place, Step, Value } from '../../kernel/program.ts';
import type { Lowering } from '../lower/lowering.ts';
import type { BinaryOperator, Expression, Reactant } from '../syntax.ts';
import { type Compartment, type Conserve, type Reaction, type Scheme, type Term, termsOf } from './scheme.ts';
import { add, element, get, multiply, number, set, subtract } from './steps.ts';

/** Where a KINETIC block's routine writes. */
export interface Target {
  readonly scheme: Scheme;
  readonly solveFor: readonly string[];
  /** Names of the global arrays. */
  readonly matrix: string;
  readonly residual: string;
  /** Locals of the routine. */
  readonly forward: Place;
  readonly backward: Place;
  readonly term: Place;
}

/** Fluxes, residuals and matrix elements of one reaction, in NEURON's order. */
export function reactionSteps(reaction: Reaction, target: Target, lowering: Lowering): Step[] {
  const { solveFor, forward, backward } = target;
  const read = (side: readonly Reactant[]): Term[] => termsOf(side, solveFor, lowering);
  if (reaction.arrow === '<<') return fluxSteps(reaction, target, lowering);
  const sides: readonly Side[] = [
    { terms: read(reaction.left), rate: rateOf(reaction, 0), flux: forward },
    { terms: read(reaction.right), rate: rateOf(reaction, 1), flux: backward },
  ];
  return [
    ...sides.map(({ terms, rate, flux }) => {
      const factors = terms.flatMap((term) => Array<Expression>(term.count).fill(variable(term)));
      return set(flux, rate === null ? number(0) : lowering.expression(factors.reduce(times, rate)));
    }),
    ...sides.flatMap(({ terms }, side) => netFluxSteps(terms, side === 0, target, lowering)),
    ...sides.flatMap((_, side) => matrixSteps(sides, side, target, lowering)),
  ];
}

interface Side {
  readonly terms: readonly Term[];
  readonly rate: Expression | null;
  readonly flux: Place;
}

/** NEURON's compiler pastes the rates of `<->` as they stand, without parentheses; the rate of `->` keeps its own. */
function rateOf({ arrow, rates }: Reaction, side: number): Expression | null {
  const rate = rates[side];
  if (rate === undefined) return null;
  return arrow === '<->' ? rate : { kind: 'group', inner: rate, start: rate.start, end: rate.end };
}

/** `rate*factor` as text: the factor binds to the last term of the rate only. */
export function times(rate: Expression, factor: Expression): Expression {
  if (rate.kind === 'binary' && !'*/^'.includes(rate.operator)) return { ...rate, right: times(rate.right, factor) };
  return { kind: 'binary', operator: '*', left: rate, right: factor, start: rate.start, end: rate.end };
}

/** Whether pasting a rate without parentheses changes what it means. */
export function isBareSum(rate: Expression): boolean {
  const loose: readonly BinaryOperator[] = ['+', '-', '<', '>', '<=', '>=', '==', '!=', '&&', '||'];
  return rate.kind === 'binary' && loose.includes(rate.operator);
}

function variable({ name, index }: Term): Expression {
  return { kind: 'variable', name, primes: 0, index, start: index?.start ?? 0, end: index?.end ?? 0 };
}

function netFluxSteps(terms: readonly Term[], isLeft: boolean, target: Target, lowering: Lowering): Step[] {
  const net = subtract(get(target.forward), get(target.backward));
  return terms
    .filter((term) => isSolved(term, target))
    .map((term) => {
      const place = element(target.residual, numberOf(term, target, lowering));
      const change = term.count > 1 ? multiply(number(term.count), net) : net;
      return set(place, isLeft ? subtract(get(place), change) : add(get(place), change));
    });
}

/** Derivatives of one side's flux with respect to its states, in every equation the reaction has a part in. */
function matrixSteps(sides: readonly Side[], side: number, target: Target, lowering: Lowering): Step[] {
  const { terms, rate } = sides[side] as Side;
  if (rate === null) return [];
  return terms
    .filter(({ isState }) => isState)
    .flatMap((term) => [
      set(target.term, lowering.expression(derivative(rate, term, terms))),
      ...sides.flatMap((other, otherSide) =>
        other.terms
          .filter((row) => isSolved(row, target))
          .map((row) => {
            const place = matrixPlace(row, term, target, lowering);
            const change = row.count === 1 ? get(target.term) : multiply(number(row.count), get(target.term));
            return set(place, side === otherSide ? add(get(place), change) : subtract(get(place), change));
          }),
      ),
    ]);
}

function derivative(rate: Expression, term: Term, terms: readonly Term[]): Expression {
  const count: Expression = { kind: 'number', text: `${term.count}`, units: null, start: rate.start, end: rate.end };
  const factors = terms.flatMap((other) =>
    Array<Expression>(other === term ? other.count - 1 : other.count).fill(variable(other)),
  );
  return factors.reduce(times, term.count === 1 ? rate : times(rate, count));
}

/** `~ a << (flux)`. */
function fluxSteps(reaction: Reaction, target: Target, lowering: Lowering): Step[] {
  const [term] = termsOf(reaction.left, target.solveFor, lowering);
  const [rate] = reaction.rates;
  if (term === undefined || rate === undefined) return [];
  if (!isSolved(term, target) || reaction.left.length > 1 || term.count !== 1) {
    lowering.report('flux-not-solved', reaction, { name: term.name });
    return [];
  }
  const place = element(target.residual, numberOf(term, target, lowering));
  return [
    set(target.forward, number(0)),
    set(target.backward, number(0)),
    set(target.backward, lowering.expression(rate)),
    set(place, add(get(place), get(target.backward))),
  ];
}

/** `CONSERVE a + 2 b = total`, in place of the equation of one of its states. */
export function conserveSteps(conserve: Conserve, target: Target, lowering: Lowering): Step[] {
  const row = target.scheme.conserved.get(conserve) ?? 0;
  const residual = element(target.residual, number(row));
  const steps: Step[] = [set(residual, lowering.expression(conserve.right))];
  for (const term of termsOf(conserve.left, target.solveFor, lowering)) {
    const index = indexOf(term, lowering);
    const compartment = target.scheme.compartments.get(term.name);
    const volume = compartment === undefined ? null : volumeOf(compartment, term.index, lowering);
    const count = number(term.count);
    const place = element(target.matrix, at(row, numberOf(term, target, lowering), target));
    steps.push(set(place, volume === null ? count : multiply(count, volume)));
    const amount = get(lowering.place(term.name, index));
    const scaled = volume === null ? amount : multiply(amount, volume);
    steps.push(set(residual, subtract(get(residual), term.count === 1 ? scaled : multiply(scaled, count))));
  }
  return steps;
}

/** A compartment's volume for the element `index` of its states. */
export function volumeOf({ index: name, volume }: Compartment, index: Expression | null, lowering: Lowering): Value {
  return lowering.expression(name === null || index === null ? volume : replace(volume, name, index));
}

function replace(one: Expression, name: string, by: Expression): Expression {
  switch (one.kind) {
    case 'variable':
      if (one.name === name && one.index === null) return { ...by, start: one.start, end: one.end };
      return one.index === null ? one : { ...one, index: replace(one.index, name, by) };
    case 'group':
      return { ...one, inner: replace(one.inner, name, by) };
    case 'unary':
      return { ...one, operand: replace(one.operand, name, by) };
    case 'binary':
      return { ...one, left: replace(one.left, name, by), right: replace(one.right, name, by) };
    case 'call':
      return { ...one, arguments: one.arguments.map((argument) => replace(argument, name, by)) };
    default:
      return one;
  }
}

/** Whether the term has an equation of its own: a state that no CONSERVE stands for. */
function isSolved({ name, isState }: Term, { scheme }: Target): boolean {
  return isState && (scheme.numbers.get(name) ?? 0) >= scheme.conserved.size;
}

/** The index as the compiler lowers it, with C's whole-number arithmetic. */
function indexOf(term: Term, lowering: Lowering): Value | null {
  if (term.index === null) return null;
  const value = lowering.expression(variable(term));
  return value.op === 'get' && 'index' in value.place && typeof value.place.index === 'object'
    ? value.place.index
    : null;
}

function numberOf(term: Term, { scheme }: Target, lowering: Lowering): Value {
  const first = scheme.numbers.get(term.name) ?? 0;
  const index = indexOf(term, lowering);
  return index === null ? number(first) : offset(first, index);
}

function offset(first: number, index: Value): Value {
  return index.op === 'number' ? number(first + index.value) : add(number(first), index);
}

function matrixPlace(row: Term, column: Term, target: Target, lowering: Lowering): Place {
  return element(target.matrix, at(numberOf(row, target, lowering), numberOf(column, target, lowering), target));
}

function at(row: number | Value, column: Value, { scheme }: Target): Value {
  const start =
    typeof row === 'number'
      ? number(row * scheme.size)
      : row.op === 'number'
        ? number(row.value * scheme.size)
        : multiply(row, number(scheme.size));
  return start.op === 'number' ? offset(start.value, column) : add(start, column);
}
