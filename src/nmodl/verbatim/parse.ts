/** C to a tree: statements of routines, and functions and variables of files. */
import { parseCExpression } from './parse-expression.ts';
import { CReader, readType } from './reader.ts';
import type { CDeclarator, CExpression, CFunction, CStatement, CType } from './syntax.ts';
import { type Macros, NotUnderstood, tokenizeC } from './tokens.ts';

/** The statements of a VERBATIM inside a routine. */
export function parseStatements(text: string, macros: Macros): CStatement[] {
  const reader = new CReader(tokenizeC(text, macros));
  const statements: CStatement[] = [];
  while (reader.token.kind !== 'end') {
    if (reader.tryMark('}')) statements.push({ kind: 'close' });
    else statements.push(parseStatement(reader));
  }
  return statements;
}

/** Functions and variables of VERBATIMs outside of routines; what is not understood is left out. */
export interface CFile {
  readonly functions: ReadonlyMap<string, CFunction>;
  readonly variables: ReadonlyMap<string, CDeclarator>;
}

export function parseFile(text: string, macros: Macros): CFile {
  const functions = new Map<string, CFunction>();
  const variables = new Map<string, CDeclarator>();
  const reader = new CReader(tokenizeC(text, macros, true));
  while (reader.token.kind !== 'end') {
    const start = reader.place;
    try {
      const one = parseTop(reader);
      if ('body' in one) functions.set(one.name, one);
      else for (const declarator of one.declarators) variables.set(declarator.name, declarator);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      reader.place = start;
      reader.skipTop();
    }
  }
  return { functions, variables };
}

function parseTop(reader: CReader): CFunction | { declarators: CDeclarator[] } {
  const extern = reader.token.text === 'extern';
  const type = readType(reader);
  if (type === null || extern) throw new NotUnderstood(reader.token.text);
  const name = reader.expectName();
  if (!reader.isMark('(')) {
    if (type === 'void') throw new NotUnderstood('void');
    return { declarators: parseDeclarators(reader, type, name) };
  }
  const parameters = parseParameters(reader);
  if (!reader.isMark('{')) throw new NotUnderstood(name);
  return { name, type, parameters, body: parseStatement(reader) };
}

function parseParameters(reader: CReader): { name: string; type: CType }[] {
  const parameters: { name: string; type: CType }[] = [];
  reader.expectMark('(');
  while (!reader.tryMark(')')) {
    const type = readType(reader);
    if (type === null || type === 'pointer') throw new NotUnderstood(reader.token.text);
    if (type !== 'void') parameters.push({ name: reader.expectName(), type });
    reader.tryMark(',');
  }
  return parameters;
}

function parseDeclarators(reader: CReader, type: CType, firstName: string | null, fixed = false): CDeclarator[] {
  const declarators: CDeclarator[] = [];
  let name = firstName;
  do {
    let own: CType = type;
    while (reader.tryMark('*')) own = 'pointer';
    const called: string = name ?? reader.expectName();
    name = null;
    let length = 1;
    if (reader.tryMark('[')) {
      length = Number(reader.take().text);
      if (!(Number.isInteger(length) && length > 1 && length < 1e5)) throw new NotUnderstood(`${called}[…]`);
      reader.expectMark(']');
    }
    declarators.push({ name: called, type: own, length, values: parseInitial(reader), fixed });
  } while (reader.tryMark(','));
  reader.expectMark(';');
  return declarators;
}

function parseInitial(reader: CReader): CExpression[] {
  if (!reader.tryMark('=')) return [];
  if (!reader.tryMark('{')) return [parseCExpression(reader)];
  const values: CExpression[] = [];
  while (!reader.tryMark('}')) {
    values.push(parseCExpression(reader));
    reader.tryMark(',');
  }
  return values;
}

export function parseStatement(reader: CReader): CStatement {
  return reader.nested(() => parseOne(reader));
}

function parseOne(reader: CReader): CStatement {
  if (reader.tryMark(';')) return { kind: 'empty' };
  if (reader.tryMark('{')) return parseBlock(reader);
  switch (reader.token.kind === 'name' ? reader.token.text : '') {
    case 'if':
      return parseIf(reader);
    case 'while': {
      reader.take();
      const condition = parseCondition(reader);
      return { kind: 'while', condition, body: parseStatement(reader), first: true };
    }
    case 'do': {
      reader.take();
      const body = parseStatement(reader);
      reader.expectWord('while');
      const condition = parseCondition(reader);
      reader.expectMark(';');
      return { kind: 'while', condition, body, first: false };
    }
    case 'for':
      return parseFor(reader);
    case 'switch':
      return parseSwitch(reader);
    case 'return': {
      reader.take();
      const value = reader.isMark(';') ? null : parseCExpression(reader);
      reader.expectMark(';');
      return { kind: 'return', value };
    }
    case 'break':
    case 'continue': {
      const kind = reader.take().text as 'break' | 'continue';
      reader.expectMark(';');
      return { kind };
    }
    case 'extern':
      // What is declared is met again where it is used.
      while (!reader.tryMark(';')) if (reader.take().kind === 'end') throw new NotUnderstood('extern');
      return { kind: 'empty' };
    default: {
      const fixed = reader.isWord('static');
      const type = readType(reader);
      if (type !== null && type !== 'void')
        return { kind: 'declare', declarators: parseDeclarators(reader, type, null, fixed) };
      const value = parseCExpression(reader);
      reader.expectMark(';');
      return { kind: 'expression', value };
    }
  }
}

function parseBlock(reader: CReader): CStatement {
  const statements: CStatement[] = [];
  while (!reader.tryMark('}')) {
    if (reader.token.kind === 'end') return { kind: 'block', statements, open: true };
    statements.push(parseStatement(reader));
  }
  return { kind: 'block', statements, open: false };
}

function parseCondition(reader: CReader): CExpression {
  reader.expectMark('(');
  const condition = parseCExpression(reader);
  reader.expectMark(')');
  return condition;
}

function parseIf(reader: CReader): CStatement {
  reader.take();
  const condition = parseCondition(reader);
  const then = parseStatement(reader);
  const otherwise = reader.tryWord('else') ? parseStatement(reader) : null;
  return { kind: 'if', condition, then, otherwise };
}

function parseFor(reader: CReader): CStatement {
  reader.take();
  reader.expectMark('(');
  const start = parseOne(reader);
  const condition = reader.isMark(';') ? null : parseCExpression(reader);
  reader.expectMark(';');
  const next = reader.isMark(')') ? null : parseCExpression(reader);
  reader.expectMark(')');
  return { kind: 'for', start, condition, next, body: parseStatement(reader) };
}

function parseLabel(reader: CReader): number {
  const sign = reader.tryMark('-') ? -1 : 1;
  return sign * Number(reader.take().text);
}

function parseSwitch(reader: CReader): CStatement {
  reader.take();
  const of = parseCondition(reader);
  reader.expectMark('{');
  const cases: { values: (number | null)[]; body: CStatement[] }[] = [];
  while (!reader.tryMark('}')) {
    if (reader.isWord('case') || reader.isWord('default')) {
      const value = reader.take().text === 'default' ? null : parseLabel(reader);
      if (value !== null && !Number.isInteger(value)) throw new NotUnderstood('case');
      reader.expectMark(':');
      const last = cases.at(-1);
      if (last !== undefined && last.body.length === 0) last.values.push(value);
      else cases.push({ values: [value], body: [] });
    } else {
      if (reader.token.kind === 'end') throw new NotUnderstood('switch');
      const statement = parseStatement(reader);
      const last = cases.at(-1);
      if (last === undefined) throw new NotUnderstood('switch');
      last.body.push(statement);
    }
  }
  return { kind: 'switch', of, cases };
}
