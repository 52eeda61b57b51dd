/** What NEURON, UNITS, PARAMETER, STATE, ASSIGNED and their like declare. */
import {
  type Block,
  type Declarator,
  NEURON_LISTS,
  type NeuronList,
  type NeuronStatement,
  type UnitLine,
  type VARIABLE_BLOCKS,
  type Variable,
} from '../syntax.ts';
import type { Cursor } from './cursor.ts';

/** Names with commas between them; a comma may be missing, as many files have it. */
export function parseNames(cursor: Cursor, stop: (cursor: Cursor) => boolean = () => false): string[] {
  const names: string[] = [];
  while (cursor.token.kind === 'name' && !stop(cursor)) {
    names.push(cursor.take().text);
    cursor.tryMark(',');
  }
  return names;
}

/** `x`, `x[4]`, `x (mV)`. */
export function parseDeclarator(cursor: Cursor): Declarator {
  const { start } = cursor.token;
  const name = cursor.expectName();
  const length = parseLength(cursor);
  const units = cursor.units();
  return { name, length, units, start, end: cursor.lastEnd };
}

/** `(a, b (mV))`. */
export function parseFormals(cursor: Cursor): Declarator[] {
  cursor.expectMark('(');
  const formals: Declarator[] = [];
  while (!cursor.isMark(')')) {
    formals.push(parseDeclarator(cursor));
    if (!cursor.tryMark(',')) break;
  }
  cursor.expectMark(')');
  return formals;
}

/** `a, b[3]` behind LOCAL. */
export function parseLocals(cursor: Cursor): Declarator[] {
  const names = [parseDeclarator(cursor)];
  while (cursor.tryMark(',')) names.push(parseDeclarator(cursor));
  return names;
}

function parseLength(cursor: Cursor): string | null {
  if (!cursor.tryMark('[')) return null;
  const { kind, text } = cursor.token;
  // A number, or a name that DEFINE made one.
  if (kind !== 'number' && kind !== 'name') return cursor.fail('the length of an array');
  cursor.take();
  cursor.expectMark(']');
  return text;
}

function parseNumber(cursor: Cursor): string {
  const sign = cursor.tryMark('-') ? '-' : '';
  if (cursor.token.kind === 'name') return sign + cursor.take().text;
  return sign + cursor.expectKind('number', 'a number').text;
}

export function parseNeuron(cursor: Cursor, start: number): Block {
  cursor.expectMark('{');
  const statements: NeuronStatement[] = [];
  while (!cursor.isMark('}')) statements.push(parseNeuronStatement(cursor));
  cursor.expectMark('}');
  return { kind: 'neuron', statements, start, end: cursor.lastEnd };
}

function parseNeuronStatement(cursor: Cursor): NeuronStatement {
  const { token } = cursor;
  const start = token.start;
  if (cursor.isWord('SUFFIX', 'POINT_PROCESS', 'ARTIFICIAL_CELL')) {
    const keyword = cursor.take().text as 'SUFFIX';
    const name = cursor.expectName('the name of the mechanism');
    return { kind: 'mechanism', keyword, name, start, end: cursor.lastEnd };
  }
  if (cursor.tryWord('USEION') !== null) return parseIon(cursor, start);
  if (cursor.tryWord('REPRESENTS') !== null)
    return { kind: 'represents', identifier: parseOntology(cursor), start, end: cursor.lastEnd };
  if (cursor.isWord(...NEURON_LISTS)) {
    const keyword = cursor.take().text as NeuronList;
    const names = parseNames(cursor, beginsNeuronStatement);
    return { kind: 'names', keyword, names, start, end: cursor.lastEnd };
  }
  return cursor.fail('a statement of NEURON (SUFFIX, USEION, RANGE, …)');
}

function beginsNeuronStatement(cursor: Cursor): boolean {
  return cursor.isWord('SUFFIX', 'POINT_PROCESS', 'ARTIFICIAL_CELL', 'USEION', ...NEURON_LISTS);
}

function parseIon(cursor: Cursor, start: number): NeuronStatement {
  const name = cursor.expectName('the name of an ion');
  const stop = (at: Cursor) =>
    beginsNeuronStatement(at) || at.isWord('READ', 'WRITE', 'VALENCE', 'CHARGE', 'REPRESENTS');
  const read: string[] = [];
  const write: string[] = [];
  let valence: string | null = null;
  let represents: string | null = null;
  for (;;) {
    if (cursor.tryWord('READ') !== null) read.push(...parseNames(cursor, stop));
    else if (cursor.tryWord('WRITE') !== null) write.push(...parseNames(cursor, stop));
    else if (cursor.tryWord('VALENCE', 'CHARGE') !== null) {
      cursor.tryMark('+');
      valence = parseNumber(cursor);
    } else if (cursor.tryWord('REPRESENTS') !== null) {
      represents = parseOntology(cursor);
    } else return { kind: 'ion', name, read, write, valence, represents, start, end: cursor.lastEnd };
  }
}

/** An identifier of an ontology: `CHEBI:29108`, whose colon begins a comment to us. */
function parseOntology(cursor: Cursor): string {
  const identifier = cursor.tryMark('[') ? `[${cursor.expectName()}]` : cursor.expectName();
  cursor.tryMark(']');
  return identifier;
}

export function parseUnits(cursor: Cursor, start: number): Block {
  cursor.expectMark('{');
  const lines: UnitLine[] = [];
  while (!cursor.isMark('}')) lines.push(parseUnitLine(cursor));
  cursor.expectMark('}');
  return { kind: 'units', lines, start, end: cursor.lastEnd };
}

function parseUnitLine(cursor: Cursor): UnitLine {
  const { start } = cursor.token;
  const unit = cursor.units();
  const name = unit ?? cursor.expectName('a unit in parentheses, or the name of a constant');
  cursor.expectMark('=');
  const value = cursor.isMark('(') ? null : parseNumber(cursor);
  const units: string[] = [];
  for (let next = cursor.units(); next !== null; ) {
    units.push(next);
    // What follows a line of a new unit is the next line, which may begin with a parenthesis as well.
    if (unit !== null || cursor.peek(0).kind === 'end' || beginsUnitLine(cursor)) break;
    next = cursor.units();
  }
  return { name, isUnit: unit !== null, value, units, start, end: cursor.lastEnd };
}

/** `(mV) =`: a parenthesis with an equals sign behind it. */
function beginsUnitLine(cursor: Cursor): boolean {
  if (!cursor.isMark('(')) return false;
  for (let ahead = 1; ; ahead++) {
    const token = cursor.peek(ahead);
    if (token.kind === 'end') return false;
    if (token.kind === 'mark' && token.text === ')') {
      const next = cursor.peek(ahead + 1);
      return next.kind === 'mark' && next.text === '=';
    }
  }
}

export function parseVariables(cursor: Cursor, keyword: (typeof VARIABLE_BLOCKS)[number], start: number): Block {
  cursor.expectMark('{');
  const variables: Variable[] = [];
  while (!cursor.isMark('}')) variables.push(parseVariable(cursor));
  cursor.expectMark('}');
  return { kind: 'variables', keyword, variables, start, end: cursor.lastEnd };
}

function parseVariable(cursor: Cursor): Variable {
  const { start } = cursor.token;
  cursor.tryWord('SWEEP');
  const name = cursor.expectName('the name of a variable');
  const length = parseLength(cursor);
  let value: string | null = null;
  let units: string | null = null;
  let from: string | null = null;
  let to: string | null = null;
  let startValue: string | null = null;
  let count: string | null = null;
  let limits: string[] = [];
  for (;;) {
    if (cursor.tryMark('=')) value = parseNumber(cursor);
    else if (cursor.isMark('(')) units = cursor.units();
    else if (cursor.tryWord('FROM') !== null) from = parseNumber(cursor);
    else if (cursor.tryWord('TO') !== null) to = parseNumber(cursor);
    else if (cursor.tryWord('START') !== null) startValue = parseNumber(cursor);
    else if (cursor.tryWord('WITH') !== null) count = parseNumber(cursor);
    else if (cursor.tryMark('<')) limits = parseLimits(cursor);
    else {
      cursor.tryMark(',');
      return { name, length, value, units, limits, from, to, startValue, with: count, start, end: cursor.lastEnd };
    }
  }
}

function parseLimits(cursor: Cursor): string[] {
  const limits = [parseNumber(cursor)];
  while (cursor.tryMark(',')) limits.push(parseNumber(cursor));
  cursor.expectMark('>');
  return limits;
}
