/**
 * The symbolic part of cnexp: the derivative of an equation's right side with respect to its state, and the right side as
 * a·state + b. NEURON's compiler does this on text, so its arithmetic shows in the last bits and its mistakes (a product of
 * two linear terms passes as linear) in the results; both are kept.
 */
import type { Value } from '../../kernel/program.ts';
import type { Lowering } from '../lower/lowering.ts';
import type { Expression } from '../syntax.ts';
import { add, divide, multiply, negate, number, subtract } from './steps.ts';

export interface Linear {
  /** Derivative with respect to the state; null is 0. */
  readonly derivative: Value | null;
  /** Factor of the state and the rest; null is 0. */
  readonly factor: Value | null;
  readonly rest: Value | null;
}

export interface Differentiated extends Linear {
  /** The state is multiplied by itself: factor and rest say nothing. */
  readonly isNotLinear: boolean;
}

/** Whether there is a derivative in this sense: the state stands in no denominator and in no function's argument. */
export function canDifferentiate(one: Expression, state: string): boolean {
  switch (one.kind) {
    case 'group':
      return canDifferentiate(one.inner, state);
    case 'unary':
      return canDifferentiate(one.operand, state);
    case 'binary':
      if (one.operator === '/' && mentions(one.right, state)) return false;
      return canDifferentiate(one.left, state) && canDifferentiate(one.right, state);
    case 'call':
      return !mentions(one, state);
    default:
      return true;
  }
}

/** An operator outside of a function's arguments at which NEURON's compiler stops, or null. */
export function operatorThatStopsNeuron(expression: Expression): string | null {
  switch (expression.kind) {
    case 'group':
      return operatorThatStopsNeuron(expression.inner);
    case 'unary':
      return expression.operator === '!' ? '!' : operatorThatStopsNeuron(expression.operand);
    case 'binary':
      if (!'+-*/'.includes(expression.operator)) return expression.operator;
      return operatorThatStopsNeuron(expression.left) ?? operatorThatStopsNeuron(expression.right);
    default:
      return null;
  }
}

/** The derivative and the parts of an expression that `canDifferentiate`. */
export function differentiate(expression: Expression, state: string, lowering: Lowering): Differentiated {
  let isNotLinear = false;
  const parts = visit(expression);
  return { ...parts, isNotLinear };

  function visit(one: Expression): Linear {
    switch (one.kind) {
      case 'group':
        return visit(one.inner);
      case 'unary':
        return map(visit(one.operand), negate);
      case 'binary':
        return combine(one, visit(one.left), visit(one.right));
      case 'variable':
        if (one.name === state && one.primes === 0) return { derivative: number(1), factor: number(1), rest: null };
        return constant(one);
      default:
        return constant(one);
    }
  }

  function constant(one: Expression): Linear {
    return { derivative: null, factor: null, rest: isWrittenZero(one, lowering) ? null : lowering.expression(one) };
  }

  function combine(one: Expression & { kind: 'binary' }, left: Linear, right: Linear): Linear {
    switch (one.operator) {
      case '+':
        return {
          derivative: sum(left.derivative, right.derivative),
          factor: sum(left.factor, right.factor),
          rest: sum(left.rest, right.rest),
        };
      case '-':
        return {
          derivative: difference(left.derivative, right.derivative),
          factor: difference(left.factor, right.factor),
          rest: difference(left.rest, right.rest),
        };
      case '*':
        return product(one, left, right);
      case '/':
        return quotient(one, left);
      default:
        return constant(one);
    }
  }

  function product(one: Expression & { kind: 'binary' }, left: Linear, right: Linear): Linear {
    if (left.factor !== null && right.factor !== null) isNotLinear = true;
    const byLeft = left.derivative && multiply(left.derivative, lowering.expression(one.right));
    const byRight = right.derivative && multiply(lowering.expression(one.left), right.derivative);
    const factor =
      left.factor !== null
        ? right.rest && multiply(left.factor, right.rest)
        : right.factor && left.rest && multiply(left.rest, right.factor);
    return {
      derivative: sum(byLeft, byRight),
      factor,
      rest: left.rest && right.rest && multiply(left.rest, right.rest),
    };
  }

  function quotient(one: Expression & { kind: 'binary' }, left: Linear): Linear {
    return map(left, (value) => divide(value, lowering.expression(one.right)));
  }
}

function map({ derivative, factor, rest }: Linear, change: (value: Value) => Value): Linear {
  return { derivative: derivative && change(derivative), factor: factor && change(factor), rest: rest && change(rest) };
}

function sum(left: Value | null, right: Value | null): Value | null {
  return left && right ? add(left, right) : (left ?? right);
}

function difference(left: Value | null, right: Value | null): Value | null {
  if (right === null) return left;
  return left ? subtract(left, right) : negate(right);
}

/** NEURON's compiler writes the integer 0 as 0.0 and takes that text for nothing at all. */
function isWrittenZero(one: Expression, lowering: Lowering): boolean {
  if (one.kind === 'number') return one.text === '0' || one.text === '0.0';
  return one.kind === 'variable' && one.index === null && lowering.defines.get(one.name) === 0;
}

function mentions(one: Expression, state: string): boolean {
  switch (one.kind) {
    case 'variable':
      return one.name === state && one.primes === 0;
    case 'group':
      return mentions(one.inner, state);
    case 'unary':
      return mentions(one.operand, state);
    case 'binary':
      return mentions(one.left, state) || mentions(one.right, state);
    case 'call':
      return one.arguments.some((argument) => mentions(argument, state));
    default:
      return false;
  }
}
