/** The blocks of a file, one after the other; after a mistake reading goes on at the next block, so that all are reported. */

import type { Diagnostic } from '../diagnostics.ts';
import { tokenize } from '../lexer.ts';
import type { Source } from '../source.ts';
import { type Block, type Mechanism, NAMED_BLOCKS, PLAIN_BLOCKS, VARIABLE_BLOCKS } from '../syntax.ts';
import { Cursor, SyntaxAbort } from './cursor.ts';
import { parseFormals, parseLocals, parseNames, parseNeuron, parseUnits, parseVariables } from './declarations.ts';
import { parseBody } from './statements.ts';

type Reader = (cursor: Cursor, start: number) => Block;

const READERS: Readonly<Record<string, Reader>> = {
  NEURON: parseNeuron,
  UNITS: parseUnits,
  ...Object.fromEntries(
    VARIABLE_BLOCKS.map((keyword): [string, Reader] => [
      keyword,
      (cursor, start) => parseVariables(cursor, keyword, start),
    ]),
  ),
  ...Object.fromEntries(
    PLAIN_BLOCKS.map((keyword): [string, Reader] => [
      keyword,
      (cursor, start) => ({ kind: 'plain', keyword, body: parseBody(cursor), start, end: cursor.lastEnd }),
    ]),
  ),
  ...Object.fromEntries(NAMED_BLOCKS.map((keyword): [string, Reader] => [keyword, namedReader(keyword)])),
  FUNCTION: functionReader('FUNCTION'),
  PROCEDURE: functionReader('PROCEDURE'),
  FUNCTION_TABLE(cursor, start) {
    const name = cursor.expectName('the name of a table');
    const formals = parseFormals(cursor);
    return { kind: 'function-table', name, arguments: formals, units: cursor.units(), start, end: cursor.lastEnd };
  },
  NET_RECEIVE(cursor, start) {
    const formals = parseFormals(cursor);
    return { kind: 'net-receive', arguments: formals, body: parseBody(cursor), start, end: cursor.lastEnd };
  },
  BEFORE: hookReader('BEFORE'),
  AFTER: hookReader('AFTER'),
  LOCAL: (cursor, start) => ({ kind: 'local', names: parseLocals(cursor), start, end: cursor.lastEnd }),
  DEFINE(cursor, start) {
    const name = cursor.expectName();
    const value = cursor.expectKind('number', 'a number').text;
    return { kind: 'define', name, value, start, end: cursor.lastEnd };
  },
  INCLUDE(cursor, start) {
    const file = cursor.expectKind('string', 'the name of a file in quotes').text;
    return { kind: 'include', file, start, end: cursor.lastEnd };
  },
  UNITSON: (_, start) => ({ kind: 'marker', name: 'UNITSON', start, end: start + 7 }),
  UNITSOFF: (_, start) => ({ kind: 'marker', name: 'UNITSOFF', start, end: start + 8 }),
};

function namedReader(keyword: (typeof NAMED_BLOCKS)[number]): Reader {
  return (cursor, start) => {
    const name = cursor.expectName(`the name of the ${keyword} block`);
    const solveFor = cursor.tryWord('SOLVEFOR') === null ? [] : parseNames(cursor);
    return { kind: 'named', keyword, name, solveFor, body: parseBody(cursor), start, end: cursor.lastEnd };
  };
}

function functionReader(keyword: 'FUNCTION' | 'PROCEDURE'): Reader {
  return (cursor, start) => {
    const name = cursor.expectName(`the name of the ${keyword}`);
    const formals = parseFormals(cursor);
    const units = cursor.units();
    const body = parseBody(cursor);
    return { kind: 'function', keyword, name, arguments: formals, units, body, start, end: cursor.lastEnd };
  };
}

function hookReader(when: 'BEFORE' | 'AFTER'): Reader {
  return (cursor, start) => {
    const at = cursor.expectName('BREAKPOINT, SOLVE, INITIAL or STEP');
    return { kind: 'hook', when, at, body: parseBody(cursor), start, end: cursor.lastEnd };
  };
}

const BLOCK_WORDS: ReadonlySet<string> = new Set(Object.keys(READERS));

export interface Parsed {
  readonly mechanism: Mechanism;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a whole file. Never throws on any text: what is wrong is in the diagnostics, what is right is in the tree. */
export function parse(source: Source): Parsed {
  const { tokens, diagnostics } = tokenize(source);
  const cursor = new Cursor(source, tokens);
  const blocks: Block[] = [];
  while (cursor.token.kind !== 'end') {
    try {
      blocks.push(parseBlock(cursor));
    } catch (error) {
      if (!(error instanceof SyntaxAbort)) throw error;
      cursor.recover(BLOCK_WORDS);
    }
  }
  const all = [...diagnostics, ...cursor.diagnostics].sort((a, b) => a.span.start - b.span.start);
  return { mechanism: { blocks }, diagnostics: all };
}

function parseBlock(cursor: Cursor): Block {
  const { token } = cursor;
  const { kind, start, end, text } = token;
  if (kind === 'title' || kind === 'verbatim') {
    cursor.take();
    return { kind, text, start, end };
  }
  const reader = kind === 'name' && Object.hasOwn(READERS, text) ? READERS[text] : undefined;
  cursor.take();
  if (reader !== undefined) return reader(cursor, start);
  cursor.report('unknown-block', token, { found: `“${text}”` });
  throw new SyntaxAbort();
}
