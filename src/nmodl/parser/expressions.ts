/**
 * Expressions, with NEURON's own precedence: `||`, `&&`, comparisons, sums, products, minus and not, powers. A power binds
 * more tightly than the minus before it (`-2^2` is -4) and groups to the right (`2^3^2` is 512).
 */
import type { BinaryOperator, Expression } from '../syntax.ts';
import type { Cursor } from './cursor.ts';

/** From the loosest to the tightest; all but powers group to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['<', '>', '<=', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseLevel(cursor, 0));
}

function parseLevel(cursor: Cursor, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(cursor);
  let left = parseLevel(cursor, level + 1);
  for (;;) {
    const operator = operators.find((mark) => cursor.isMark(mark));
    if (operator === undefined) return left;
    cursor.take();
    const right = parseLevel(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, start: left.start, end: right.end };
  }
}

function parseUnary(cursor: Cursor): Expression {
  const { start } = cursor.token;
  for (const operator of ['-', '!'] as const) {
    if (!cursor.tryMark(operator)) continue;
    const operand = cursor.nested(() => parseUnary(cursor));
    return { kind: 'unary', operator, operand, start, end: operand.end };
  }
  // A plus sign says nothing.
  if (cursor.tryMark('+')) return cursor.nested(() => parseUnary(cursor));
  return parsePower(cursor);
}

function parsePower(cursor: Cursor): Expression {
  const left = parsePrimary(cursor);
  if (!cursor.tryMark('^')) return left;
  const right = cursor.nested(() => parseUnary(cursor));
  return { kind: 'binary', operator: '^', left, right, start: left.start, end: right.end };
}

function parsePrimary(cursor: Cursor): Expression {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.take();
    // A number cannot be called, so a parenthesis behind it holds its units.
    const units = cursor.units();
    return { kind: 'number', text: token.text, units, start: token.start, end: cursor.lastEnd };
  }
  if (token.kind === 'string') {
    cursor.take();
    return { kind: 'string', text: token.text, start: token.start, end: token.end };
  }
  if (token.kind === 'name') return parseNamed(cursor);
  if (cursor.tryMark('(')) {
    const inner = parseExpression(cursor);
    cursor.expectMark(')');
    return { kind: 'group', inner, start: token.start, end: cursor.lastEnd };
  }
  return cursor.fail('an expression');
}

/** A variable or a call. */
export function parseNamed(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const name = cursor.expectName();
  if (cursor.isMark('(')) {
    const args = parseArguments(cursor);
    return { kind: 'call', name, arguments: args, start, end: cursor.lastEnd };
  }
  let primes = 0;
  let index: Expression | null = null;
  while (cursor.tryMark("'")) primes += 1;
  if (cursor.tryMark('[')) {
    index = parseExpression(cursor);
    cursor.expectMark(']');
    while (cursor.tryMark("'")) primes += 1;
  }
  return { kind: 'variable', name, primes, index, start, end: cursor.lastEnd };
}

/** `(a, b)`; a call may also have none. */
export function parseArguments(cursor: Cursor): Expression[] {
  cursor.expectMark('(');
  const args: Expression[] = [];
  if (!cursor.isMark(')')) {
    do args.push(parseExpression(cursor));
    while (cursor.tryMark(','));
  }
  cursor.expectMark(')');
  return args;
}
