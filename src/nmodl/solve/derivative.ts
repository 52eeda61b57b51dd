/** What the methods for DERIVATIVE blocks share: their equations, and a routine that computes the derivatives. */
import type { Place, Step, Value } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import type { Expression, Statement } from '../syntax.ts';
import { bodiesOf } from './bodies.ts';
import { operatorThatStopsNeuron } from './differentiate.ts';
import { add, DT, get, multiply, number, SECOND_ORDER, set, when } from './steps.ts';

/** `state' = right`. */
export interface Equation {
  readonly state: string;
  readonly right: Expression;
  readonly statement: Statement;
}

/** The equation a statement is, or null. */
export function equationOf(statement: Statement): Equation | null {
  if (statement.kind !== 'assign' || statement.target.kind !== 'variable' || statement.target.primes === 0) return null;
  return { state: statement.target.name, right: statement.value, statement };
}

/**
 * The equations of a block in the order of the text, IF and other bodies included; reports those that NEURON's compiler does
 * not take, and is then null.
 */
export function equationsOf({ block }: SolveRequest, lowering: Lowering): readonly Equation[] | null {
  const equations: Equation[] = [];
  let isFine = true;
  const refuse = (report: () => void): void => {
    report();
    isFine = false;
  };
  for (const statement of bodiesOf(block.body)) {
    if (statement.kind === 'equation') {
      refuse(() => lowering.report('equation-in-derivative', statement, {}));
      continue;
    }
    const equation = equationOf(statement);
    if (equation === null) continue;
    equations.push(equation);
    const { state, right } = equation;
    const symbol = lowering.states.get(state);
    const target = statement.kind === 'assign' ? statement.target : statement;
    const primes = target.kind === 'variable' ? target.primes : 1;
    const stop = operatorThatStopsNeuron(right);
    if (symbol === undefined) refuse(() => lowering.report('derivative-of-no-state', target, { name: state }));
    else if (symbol.length > 1) refuse(() => lowering.report('derivative-of-array', target, { name: state }));
    else if (primes > 1) refuse(() => lowering.report('higher-derivative', target, { name: state }));
    else if (stop !== null) refuse(() => lowering.report('operator-in-derivative', right, { operator: stop }));
  }
  if (isFine && equations.length === 0) refuse(() => lowering.report('no-equations', block, { name: block.name }));
  return isFine ? equations : null;
}

/** The states the equations stand for, each once, in order. */
export function statesOf(equations: readonly Equation[]): readonly string[] {
  return [...new Set(equations.map(({ state }) => state))];
}

export function derivativePlace(lowering: Lowering, state: string, index?: Value): Place {
  const name = lowering.derivative(state);
  return index === undefined ? { kind: 'instance', name } : { kind: 'instance', name, index };
}

/** The steps of the block's body, which write each state's derivative. */
export function derivativeSteps({ block }: SolveRequest, lowering: Lowering): Step[] {
  return lowering.statements(block.body, (statement) => {
    const equation = equationOf(statement);
    if (equation === null) return null;
    return [set(derivativePlace(lowering, equation.state), lowering.expression(equation.right))];
  });
}

/** state += dt·derivative, element by element. */
export function advance(lowering: Lowering, states: readonly string[]): Step[] {
  return states.flatMap((state) => {
    const length = lowering.states.get(state)?.length ?? 1;
    return Array.from({ length }, (_, k) => {
      const index = length === 1 ? undefined : number(k);
      const place = lowering.place(state, index ?? null);
      return set(place, add(get(place), multiply(get(DT), get(derivativePlace(lowering, state, index)))));
    });
  });
}

/**
 * At secondorder, NEURON lets every method but cnexp take half a step and then goes on along the derivative (`correction`) for
 * the other half. The half step is the whole state phase's, and holds for all that is solved in it.
 */
export function inHalves(lowering: Lowering, method: Step[], correction: Step[]): Step[] {
  lowering.halveStep();
  return [...method, when(SECOND_ORDER, correction)];
}
