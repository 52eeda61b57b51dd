/** Reactions of KINETIC blocks, and equations of LINEAR and NONLINEAR ones; both begin with a tilde. */
import type { Expression, Reactant, Statement } from '../syntax.ts';
import type { Cursor } from './cursor.ts';
import { parseNames } from './declarations.ts';
import { parseArguments, parseExpression } from './expressions.ts';

/** `~ 2 a + b <-> c (kf, kb)`, `~ a << (flux)`, `~ a -> (rate)`, or `~ x + y = 3`. */
export function parseTilde(cursor: Cursor): Statement {
  const { start, end } = cursor.expectMark('~');
  // `~+` is one mark to NEURON, and adds to the equation before: read as an equation with a sign it would be another one.
  if (cursor.isMark('+') && cursor.token.start === end) {
    cursor.report(
      'construct-refused',
      { start, end: end + 1 },
      { what: '“~+”, which adds to the equation before it,' },
    );
  }
  return isReaction(cursor) ? parseReaction(cursor, start) : parseEquation(cursor, start);
}

/** Whether an arrow comes before an equals sign and before the end of the line's tokens. */
function isReaction(cursor: Cursor): boolean {
  for (let ahead = 0; ; ahead++) {
    const { kind, text } = cursor.peek(ahead);
    if (kind === 'end' || (kind === 'mark' && ['=', '{', '}', '~'].includes(text))) return false;
    if (kind === 'mark' && ['<->', '<<', '->'].includes(text)) return true;
  }
}

function parseEquation(cursor: Cursor, start: number): Statement {
  const left = parseExpression(cursor);
  cursor.expectMark('=');
  const right = parseExpression(cursor);
  return { kind: 'equation', left, right, start, end: cursor.lastEnd };
}

function parseReaction(cursor: Cursor, start: number): Statement {
  const left = parseSide(cursor);
  const arrow = (['<->', '<<', '->'] as const).find((mark) => cursor.tryMark(mark));
  if (arrow === undefined) return cursor.fail('“<->”, “<<” or “->”');
  const right = arrow === '<->' ? parseSide(cursor) : [];
  const rates = parseArguments(cursor);
  return { kind: 'reaction', left, arrow, right, rates, start, end: cursor.lastEnd };
}

function parseSide(cursor: Cursor): Reactant[] {
  const side = [parseReactant(cursor)];
  while (cursor.tryMark('+')) side.push(parseReactant(cursor));
  return side;
}

function parseReactant(cursor: Cursor): Reactant {
  const { start } = cursor.token;
  const coefficient = cursor.token.kind === 'number' ? cursor.take().text : null;
  const name = cursor.expectName('a state');
  let index: Expression | null = null;
  if (cursor.tryMark('[')) {
    index = parseExpression(cursor);
    cursor.expectMark(']');
  }
  return { coefficient, name, index, start, end: cursor.lastEnd };
}

/** `CONSERVE a + 2 b = total`. */
export function parseConserve(cursor: Cursor, start: number): Statement {
  const left = parseSide(cursor);
  cursor.expectMark('=');
  const right = parseExpression(cursor);
  return { kind: 'conserve', left, right, start, end: cursor.lastEnd };
}

/** `COMPARTMENT i, volume { a b }`, with or without the index. */
export function parseCompartment(cursor: Cursor, kind: 'compartment' | 'diffusion', start: number): Statement {
  const next = cursor.peek(1);
  const hasIndex = cursor.token.kind === 'name' && next.kind === 'mark' && next.text === ',';
  const index = hasIndex ? cursor.take().text : null;
  if (hasIndex) cursor.expectMark(',');
  const volume = parseExpression(cursor);
  cursor.expectMark('{');
  const names = parseNames(cursor);
  cursor.expectMark('}');
  return { kind, index, volume, names, start, end: cursor.lastEnd };
}
