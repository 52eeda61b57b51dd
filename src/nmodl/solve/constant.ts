/** Whole numbers that are known before the run: indices and bounds of loops. */
import type { Lowering } from '../lower/lowering.ts';
import type { Expression } from '../syntax.ts';

/** The value of an expression of numbers, DEFINEd names and `known` ones; undefined where it has others. */
export function constantOf(
  expression: Expression,
  known: ReadonlyMap<string, number>,
  lowering: Lowering,
): number | undefined {
  switch (expression.kind) {
    case 'number':
      return Number(expression.text);
    case 'group':
      return constantOf(expression.inner, known, lowering);
    case 'variable':
      return known.get(expression.name) ?? lowering.defines.get(expression.name);
    case 'unary': {
      const value = constantOf(expression.operand, known, lowering);
      return value === undefined || expression.operator !== '-' ? undefined : -value;
    }
    case 'binary': {
      const left = constantOf(expression.left, known, lowering);
      const right = constantOf(expression.right, known, lowering);
      return left === undefined || right === undefined ? undefined : calculate(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}

function calculate(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return Math.trunc(left / right);
    default:
      return undefined;
  }
}
