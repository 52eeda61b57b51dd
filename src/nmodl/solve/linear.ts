/** LINEAR blocks: each `~ left = right` is a row of a matrix; solved by elimination with pivots. */
import type { Place, Step } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import type { Expression, Statement } from '../syntax.ts';
import { bodiesOf, variablesOf } from './bodies.ts';
import { add, element, get, local, multiply, number, set, subtract } from './steps.ts';
import { elementsOf, numberUnknowns, type Unknowns } from './unknowns.ts';

/** A term of a sum, without its sign. */
interface Term {
  readonly factors: Expression;
  readonly isNegative: boolean;
}

export function linearBlock(request: SolveRequest, lowering: Lowering): Step[] {
  const { block } = request;
  const equations = [...bodiesOf(block.body)].filter((one) => one.kind === 'equation');
  const isState = (name: string): boolean =>
    lowering.states.has(name) && (block.solveFor.length === 0 || block.solveFor.includes(name));
  const mentioned = equations.flatMap(({ left, right }) => [...variablesOf(left), ...variablesOf(right)]);
  const unknowns = numberUnknowns([...new Set(mentioned.filter(isState))], lowering);
  if (!fits(request, equations.length, unknowns, lowering)) return [];
  const matrix = lowering.workspace(`${block.name} matrix`, unknowns.size ** 2);
  const residual = lowering.workspace(`${block.name} residual`, unknowns.size);
  const fill = lowering.routine(block.name, () => {
    const row = local(lowering.local('row'));
    const custom = (statement: Statement): Step[] | null => {
      if (statement.kind !== 'equation') return null;
      const { left, right } = statement;
      const next = set(row, add(get(row), number(1)));
      return [next, ...side(left, true, row), ...side(right, false, row)];
    };
    return [set(row, number(-1)), ...lowering.statements(block.body, custom)];
  });
  return [{ do: 'linear', states: elementsOf(unknowns, lowering), fill, matrix, residual }];

  /** States go to the right of the equation and all else to the left, as NEURON's compiler has it. */
  function side(expression: Expression, isLeft: boolean, row: Place): Step[] {
    return termsOf(expression).map(({ factors, isNegative }) => {
      const states = [...statesOf(factors)];
      const [state] = states;
      if (states.length > 1 || (state !== undefined && !isPlainFactor(factors, state))) {
        lowering.report('linear-form', factors, {});
        return set(row, get(row));
      }
      const value = lowering.expression(state === undefined ? factors : withoutState(factors, state));
      const place = state === undefined ? element(residual, get(row)) : coefficient(state, row);
      const isAdded = (state === undefined) === isLeft ? !isNegative : isNegative;
      return set(place, isAdded ? add(get(place), value) : subtract(get(place), value));
    });
  }

  function coefficient(state: Variable, row: Place): Place {
    const column = number(unknowns.first.get(state.name) ?? 0);
    const value = lowering.expression(state);
    const index =
      value.op === 'get' && 'index' in value.place && typeof value.place.index === 'object' ? value.place.index : null;
    const start = multiply(get(row), number(unknowns.size));
    return element(matrix, add(start, index === null ? column : add(column, index)));
  }

  function* statesOf(one: Expression): Generator<Variable> {
    if (one.kind === 'variable') {
      if (isState(one.name)) yield one;
    } else if (one.kind === 'binary') {
      yield* statesOf(one.left);
      yield* statesOf(one.right);
    } else if (one.kind === 'group') yield* statesOf(one.inner);
    else if (one.kind === 'unary') yield* statesOf(one.operand);
    else if (one.kind === 'call') for (const argument of one.arguments) yield* statesOf(argument);
  }
}

type Variable = Extract<Expression, { kind: 'variable' }>;

/** Whether there are as many equations as unknowns; reports otherwise. */
export function fits({ block }: SolveRequest, equations: number, unknowns: Unknowns, lowering: Lowering): boolean {
  const { size } = unknowns;
  if (equations === 0 || size === 0) {
    lowering.report('no-equations', block, { name: block.name });
    return false;
  }
  // In arrays and loops NEURON counts at run time, and so only warns.
  if ([...unknowns.first.keys()].some((name) => (lowering.states.get(name)?.length ?? 1) > 1)) return true;
  if (equations === size) return true;
  lowering.report('equation-count', block, { name: block.name, equations: `${equations}`, states: `${size}` });
  return false;
}

function* flatten(one: Expression, isNegative: boolean): Generator<Term> {
  if (one.kind === 'binary' && (one.operator === '+' || one.operator === '-')) {
    yield* flatten(one.left, isNegative);
    yield* flatten(one.right, one.operator === '-' ? !isNegative : isNegative);
  } else {
    const stripped = withoutSign(one);
    yield { factors: stripped ?? one, isNegative: stripped === null ? isNegative : !isNegative };
  }
}

function termsOf(expression: Expression): Term[] {
  return [...flatten(expression, false)];
}

/** A product whose first factor has a minus, without it; null where it has none. */
function withoutSign(one: Expression): Expression | null {
  if (one.kind === 'unary' && one.operator === '-') return one.operand;
  if (one.kind !== 'binary' || !'*/'.includes(one.operator)) return null;
  const left = withoutSign(one.left);
  return left && { ...one, left };
}

/** Whether the state is a factor of the product, and neither inside a factor nor in a denominator. */
function isPlainFactor(one: Expression, state: Variable): boolean {
  if (one === state) return true;
  if (one.kind !== 'binary') return false;
  if (one.operator === '/') return isPlainFactor(one.left, state);
  return one.operator === '*' && (isPlainFactor(one.left, state) || isPlainFactor(one.right, state));
}

function withoutState(one: Expression, state: Variable): Expression {
  if (one === state) return { kind: 'number', text: '1.0', units: null, start: one.start, end: one.end };
  if (one.kind !== 'binary') return one;
  return { ...one, left: withoutState(one.left, state), right: withoutState(one.right, state) };
}
