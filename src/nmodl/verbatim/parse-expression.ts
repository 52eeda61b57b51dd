/** Expressions of C. */
import { type CReader, readType } from './reader.ts';
import type { CExpression } from './syntax.ts';
import { NotUnderstood } from './tokens.ts';

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
/** Terms of one sum or product; more would use up the stack. */
const LONGEST = 200;
const ASSIGNING = ['=', '+=', '-=', '*=', '/='];

export function parseCExpression(reader: CReader): CExpression {
  return reader.nested(() => {
    const target = parseChoice(reader);
    const operator = ASSIGNING.find((mark) => reader.isMark(mark));
    if (operator === undefined) return target;
    reader.take();
    return { kind: 'assign', operator, target, value: parseCExpression(reader) };
  });
}

function parseChoice(reader: CReader): CExpression {
  const condition = parseLevel(reader, 0);
  if (!reader.tryMark('?')) return condition;
  const then = parseCExpression(reader);
  reader.expectMark(':');
  return { kind: 'choice', condition, then, otherwise: parseCExpression(reader) };
}

function parseLevel(reader: CReader, level: number): CExpression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(reader);
  let left = parseLevel(reader, level + 1);
  let terms = 0;
  for (;;) {
    const operator = operators.find((mark) => reader.isMark(mark));
    if (operator === undefined) return left;
    if (++terms > LONGEST) throw new NotUnderstood('so long a sum');
    reader.take();
    left = { kind: 'binary', operator, left, right: parseLevel(reader, level + 1) };
  }
}

function parseUnary(reader: CReader): CExpression {
  return reader.nested(() => {
    for (const operator of ['-', '+', '!', '*', '&'] as const)
      if (reader.tryMark(operator)) return { kind: 'unary', operator, of: parseUnary(reader) };
    for (const operator of ['++', '--'] as const)
      if (reader.tryMark(operator)) {
        const value: CExpression = { kind: 'number', value: 1, type: 'int' };
        return { kind: 'assign', operator: operator === '++' ? '+=' : '-=', target: parseUnary(reader), value };
      }
    if (reader.isMark('(')) {
      const start = reader.place;
      reader.take();
      const type = readType(reader);
      if (type !== null && type !== 'void' && reader.tryMark(')'))
        return { kind: 'cast', type, of: parseUnary(reader) };
      reader.place = start;
    }
    return parsePostfix(reader);
  });
}

function parsePostfix(reader: CReader): CExpression {
  let value = parsePrimary(reader);
  for (;;) {
    if (reader.tryMark('[')) {
      const index = parseCExpression(reader);
      reader.expectMark(']');
      value = { kind: 'index', array: value, index };
    } else if (reader.isMark('++') || reader.isMark('--'))
      value = { kind: 'postfix', operator: reader.take().text as '++' | '--', target: value };
    else if (reader.isMark('->') || reader.isMark('.') || reader.isMark('::')) throw new NotUnderstood('a structure');
    else return value;
  }
}

function parsePrimary(reader: CReader): CExpression {
  if (reader.tryMark('(')) {
    const inner = parseCExpression(reader);
    reader.expectMark(')');
    return inner;
  }
  const { kind, text } = reader.take();
  if (kind === 'number') {
    if (/[uUfF]$/.test(text)) throw new NotUnderstood(text);
    const isInt = /^\d+[lL]*$/.test(text);
    if (isInt && /^0\d/.test(text)) throw new NotUnderstood(text);
    return { kind: 'number', value: Number(text.replace(/[lL]+$/, '')), type: isInt ? 'int' : 'double' };
  }
  if (kind === 'text') return { kind: 'text', text };
  if (kind !== 'name') throw new NotUnderstood(text);
  if (!reader.tryMark('(')) return { kind: 'name', name: text };
  const parameters: CExpression[] = [];
  while (!reader.tryMark(')')) {
    // `f(_threadargscomma_ x)`: a macro that ends with a comma.
    if (reader.tryWord('_threadargscomma_') || reader.tryWord('_threadargs_')) continue;
    if (reader.token.kind === 'end') throw new NotUnderstood(text);
    parameters.push(parseCExpression(reader));
    reader.tryMark(',');
  }
  return { kind: 'call', name: text, arguments: parameters };
}
