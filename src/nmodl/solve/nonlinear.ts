/** NONLINEAR blocks: the states at which every `~ left = right` holds, by Newton's method. */
import type { Step, Value } from '../../kernel/program.ts';
import type { Lowering, SolveRequest } from '../lower/lowering.ts';
import type { BinaryOperator, Expression, Statement } from '../syntax.ts';
import { bodiesOf, variablesOf } from './bodies.ts';
import { fits } from './linear.ts';
import { inNeuronOrder } from './order.ts';
import { add, element, get, local, negate, number, set } from './steps.ts';
import { elementsOf, numberUnknowns } from './unknowns.ts';

export function nonlinearBlock(request: SolveRequest, lowering: Lowering): Step[] {
  const { block } = request;
  const equations = [...bodiesOf(block.body)].filter((one) => one.kind === 'equation');
  const mentioned = equations.flatMap(({ left, right }) => [...variablesOf(left), ...variablesOf(right)]);
  const states = [...new Set(mentioned)].filter(
    (name) => lowering.states.has(name) && (block.solveFor.length === 0 || block.solveFor.includes(name)),
  );
  const unknowns = numberUnknowns(inNeuronOrder(states, lowering), lowering);
  if (!fits(request, equations.length, unknowns, lowering)) return [];
  const residual = lowering.workspace(`${block.name} residual`, unknowns.size);
  const fill = lowering.routine(block.name, () => {
    const row = local(lowering.local('row'));
    const custom = (statement: Statement): Step[] | null => {
      if (statement.kind !== 'equation') return null;
      const left = negate(lowering.expression(statement.left));
      return [
        set(row, add(get(row), number(1))),
        set(element(residual, get(row)), plus(left, statement.right, lowering)),
      ];
    };
    return [set(row, number(-1)), ...lowering.statements(block.body, custom)];
  });
  return [{ do: 'newton', states: elementsOf(unknowns, lowering), fill, residual }];
}

const LOOSE: readonly BinaryOperator[] = ['+', '-', '<', '>', '<=', '>=', '==', '!=', '&&', '||'];

/** `left + right` with the right side pasted as text: the left goes to its first term. */
function plus(left: Value, right: Expression, lowering: Lowering): Value {
  if (right.kind !== 'binary' || !LOOSE.includes(right.operator) || right.operator === '^') {
    return add(left, lowering.expression(right));
  }
  return {
    op: 'binary',
    operator: right.operator,
    left: plus(left, right.left, lowering),
    right: lowering.expression(right.right),
  };
}
