/** Precedence: what an NMODL expression of numbers is worth, beside what JavaScript says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Expression, printExpression } from '../../src/nmodl/index.ts';
import { read } from '../fixtures/nmodl-tree.ts';

/** The expression assigned in a body. */
function expression(text: string): Expression {
  const [block] = read(`PROCEDURE p() { x = ${text} }`).blocks;
  if (block?.kind !== 'function' || block.body.statements[0]?.kind !== 'assign') throw new Error('no assignment');
  return block.body.statements[0].value;
}

/** The value of an expression of numbers, by the tree's own structure. */
function value(tree: Expression): number {
  switch (tree.kind) {
    case 'number':
      return Number(tree.text);
    case 'group':
      return value(tree.inner);
    case 'unary':
      return tree.operator === '-' ? -value(tree.operand) : Number(value(tree.operand) === 0);
    case 'binary': {
      const [a, b] = [value(tree.left), value(tree.right)];
      const results = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '^': a ** b, '<': +(a < b), '>': +(a > b) };
      const logic = {
        '<=': +(a <= b),
        '>=': +(a >= b),
        '==': +(a === b),
        '!=': +(a !== b),
        '&&': +(a !== 0 && b !== 0),
      };
      return { ...results, ...logic, '||': +(a !== 0 || b !== 0) }[tree.operator];
    }
    default:
      throw new Error(`${tree.kind} has no value here`);
  }
}

describe('expressions', () => {
  // The first three as NEURON 9.0.2 computes them (nmodl.md, 7).
  test.each([
    ['-2^2', -4],
    ['2^3^2', 512],
    ['7/2', 3.5],
    ['2^-1', 0.5],
    ['10 - 3 - 2', 5],
    ['24 / 4 / 2', 3],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['-(2)^2', -4],
    ['1 < 2 && 3 > 4 || 1', 1],
    ['!0 + 1', 2],
    ['1e3 * .5 - 2.', 498],
    ['2 (mV) * 3 (/ms-mM2)', 6],
  ])('%s is %d', (text, expected) => {
    expect(value(expression(text))).toBe(expected);
  });

  test('of numbers are worth what JavaScript says, printed and read again too', () => {
    const operand = fc.integer({ min: 0, max: 9 }).map(String);
    const tree = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        operand,
        fc
          .tuple(tie('e'), fc.constantFrom('+', '-', '*', '/', '<', '<=', '==', '!=', '&&', '||'), tie('e'))
          .map((parts) => `(${parts.join(' ')})`),
        fc
          .tuple(tie('e'), fc.constantFrom('+', '-', '*'), tie('e'), fc.constantFrom('*', '+'), tie('e'))
          .map((parts) => parts.join(' ')),
        tie('e').map((inner) => `-${inner}`),
      ),
    })).e;
    fc.assert(
      fc.property(tree, (text) => {
        // A blank between two minus signs, where JavaScript would see a decrement.
        const script = text.replaceAll('-', '- ');
        const parsed = expression(text);
        expect(value(expression(printExpression(parsed)))).toEqual(value(parsed));
        if (!/&&|\|\|/.test(text)) expect(value(parsed)).toEqual(Number(new Function(`return ${script}`)()));
      }),
    );
  });
});
