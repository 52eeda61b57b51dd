/** Statements of bodies. */
import type { Body, Expression, Statement } from '../syntax.ts';
import type { Cursor } from './cursor.ts';
import { parseFormals, parseLocals, parseNames } from './declarations.ts';
import { parseExpression, parseNamed } from './expressions.ts';
import { parseCompartment, parseConserve, parseTilde } from './kinetics.ts';

/** `{ … }`. */
export function parseBody(cursor: Cursor): Body {
  return cursor.nested(() => {
    const { start } = cursor.expectMark('{');
    const statements: Statement[] = [];
    while (!cursor.isMark('}')) {
      if (cursor.token.kind === 'end') cursor.fail('“}”');
      statements.push(parseStatement(cursor));
    }
    cursor.expectMark('}');
    return { statements, start, end: cursor.lastEnd };
  });
}

type Reader = (cursor: Cursor, start: number) => Statement;

const KEYWORDS: Readonly<Record<string, Reader>> = {
  LOCAL: (cursor, start) => ({ kind: 'local', names: parseLocals(cursor), start, end: cursor.lastEnd }),
  if: parseIf,
  IF: parseIf,
  while: parseWhile,
  WHILE: parseWhile,
  FROM: parseFrom,
  SOLVE: parseSolve,
  TABLE: parseTable,
  CONSERVE: parseConserve,
  COMPARTMENT: (cursor, start) => parseCompartment(cursor, 'compartment', start),
  LONGITUDINAL_DIFFUSION: (cursor, start) => parseCompartment(cursor, 'diffusion', start),
  WATCH: parseWatch,
  FOR_NETCONS: (cursor, start) => {
    const names = parseFormals(cursor);
    return { kind: 'for-netcons', names, body: parseBody(cursor), start, end: cursor.lastEnd };
  },
  INITIAL: (cursor, start) => ({ kind: 'initial', body: parseBody(cursor), start, end: cursor.lastEnd }),
  CONDUCTANCE: (cursor, start) => {
    const name = cursor.expectName('the name of a conductance');
    const ion = cursor.tryWord('USEION') === null ? null : cursor.expectName('the name of an ion');
    return { kind: 'conductance', name, ion, start, end: cursor.lastEnd };
  },
  PROTECT: (cursor, start) => ({ kind: 'protect', statement: parseStatement(cursor), start, end: cursor.lastEnd }),
  UNITSON: marker('UNITSON'),
  UNITSOFF: marker('UNITSOFF'),
  MUTEXLOCK: marker('MUTEXLOCK'),
  MUTEXUNLOCK: marker('MUTEXUNLOCK'),
};

function marker(name: 'UNITSON' | 'UNITSOFF' | 'MUTEXLOCK' | 'MUTEXUNLOCK'): Reader {
  return (_, start) => ({ kind: 'marker', name, start, end: start + name.length });
}

export function parseStatement(cursor: Cursor): Statement {
  const { token } = cursor;
  const { start } = token;
  if (token.kind === 'verbatim') {
    cursor.take();
    return { kind: 'verbatim', text: token.text, start, end: token.end };
  }
  if (cursor.isMark('~')) return parseTilde(cursor);
  if (cursor.isMark('{')) return { kind: 'block', body: parseBody(cursor), start, end: cursor.lastEnd };
  if (token.kind !== 'name') return cursor.fail('a statement');
  const reader = Object.hasOwn(KEYWORDS, token.text) ? KEYWORDS[token.text] : undefined;
  if (reader !== undefined) {
    cursor.take();
    return reader(cursor, start);
  }
  return parseAssignment(cursor, start);
}

function parseAssignment(cursor: Cursor, start: number): Statement {
  const target: Expression = parseNamed(cursor);
  if (target.kind !== 'call' && cursor.isMark('=')) {
    cursor.take();
    const value = parseExpression(cursor);
    return { kind: 'assign', target, value, start, end: cursor.lastEnd };
  }
  if (target.kind === 'call') return { kind: 'expression', value: target, start, end: cursor.lastEnd };
  return cursor.fail('“=”');
}

function parseCondition(cursor: Cursor): Expression {
  cursor.expectMark('(');
  const condition = parseExpression(cursor);
  cursor.expectMark(')');
  return condition;
}

function parseIf(cursor: Cursor, start: number): Statement {
  const condition = parseCondition(cursor);
  const then = parseBody(cursor);
  let otherwise: Body | null = null;
  if (cursor.tryWord('else', 'ELSE') !== null) {
    const { start: at } = cursor.token;
    const again = cursor.tryWord('if', 'IF');
    if (again === null) otherwise = parseBody(cursor);
    else {
      const nested = cursor.nested(() => parseIf(cursor, again.start));
      otherwise = { statements: [nested], start: at, end: nested.end };
    }
  }
  return { kind: 'if', condition, then, otherwise, start, end: cursor.lastEnd };
}

function parseWhile(cursor: Cursor, start: number): Statement {
  const condition = parseCondition(cursor);
  return { kind: 'while', condition, body: parseBody(cursor), start, end: cursor.lastEnd };
}

function parseFrom(cursor: Cursor, start: number): Statement {
  const name = cursor.expectName('the name of a counter');
  cursor.expectMark('=');
  const first = parseExpression(cursor);
  if (cursor.tryWord('TO') === null) cursor.fail('TO');
  const last = parseExpression(cursor);
  const by = cursor.tryWord('BY') === null ? null : parseExpression(cursor);
  return { kind: 'from', name, first, last, by, body: parseBody(cursor), start, end: cursor.lastEnd };
}

function parseSolve(cursor: Cursor, start: number): Statement {
  const name = cursor.expectName('the name of a block');
  let method: string | null = null;
  let steadyState = false;
  const word = cursor.tryWord('METHOD', 'STEADYSTATE');
  if (word !== null) {
    steadyState = word.text === 'STEADYSTATE';
    method = cursor.expectName('the name of a method');
  }
  return { kind: 'solve', name, method, steadyState, start, end: cursor.lastEnd };
}

function parseTable(cursor: Cursor, start: number): Statement {
  const stop = (at: Cursor) => at.isWord('DEPEND', 'FROM');
  const names = parseNames(cursor, stop);
  const depend = cursor.tryWord('DEPEND') === null ? [] : parseNames(cursor, stop);
  if (cursor.tryWord('FROM') === null) cursor.fail('FROM');
  const first = parseExpression(cursor);
  if (cursor.tryWord('TO') === null) cursor.fail('TO');
  const last = parseExpression(cursor);
  if (cursor.tryWord('WITH') === null) cursor.fail('WITH');
  const steps = parseExpression(cursor);
  return { kind: 'table', names, depend, first, last, steps, start, end: cursor.lastEnd };
}

function parseWatch(cursor: Cursor, start: number): Statement {
  const conditions: { when: Expression; flag: Expression }[] = [];
  do conditions.push({ when: parseCondition(cursor), flag: parseExpression(cursor) });
  while (cursor.tryMark(','));
  return { kind: 'watch', conditions, start, end: cursor.lastEnd };
}
