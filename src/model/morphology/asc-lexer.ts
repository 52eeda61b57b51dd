/**
 * A Neurolucida .asc file as tokens, by the rules of NEURON's Import3d_Neurolucida3: a comment begins with `;` where a token
 * could, a number wins over a label, `set` and `RGB` are recognised at the beginning of longer words too.
 */
import { malformed, type Source } from './malformed.ts';
import { scanNumber, skipBlank } from './scan-number.ts';

export type TokenKind =
  | 'end'
  | 'number'
  | '('
  | ')'
  | ','
  | '|'
  | '<'
  | '>'
  | 'set'
  | 'rgb'
  | 'string'
  | 'label'
  | 'unknown';

export interface Token {
  readonly kind: TokenKind;
  /** Of a number. */
  readonly value: number;
  /** Of a string or label. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** All tokens, the last an 'end'. What no token begins with is 'unknown', one character each. */
export function ascTokens({ file, text }: Source): Token[] {
  const tokens: Token[] = [];
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) tokensOf(raw, index + 1, file, tokens);
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  tokens.push({ kind: 'end', value: 0, text: '', line: Math.max(1, last) });
  return tokens;
}

function tokensOf(raw: string, number: number, file: string, tokens: Token[]): void {
  // The end of a line counts as a character: whatever stands last is followed by something.
  let line = `${raw.replace(/[ \t\v\f\r]+$/, '')}\n`;
  let from = 0;
  while (line.length - from > 1) {
    const start = skipBlank(line, from);
    if (line.charAt(start) === ';' && followed(line, start + 1)) return;
    const { token, end } = tokenAt(line, start, number, file);
    tokens.push(token);
    from = Math.max(end, start + (token.kind === 'unknown' ? 1 : 0));
    // NEURON reads up to an @ only.
    const stop = line.indexOf('@', from);
    if (stop >= 0) line = line.slice(0, stop);
  }
}

interface Found {
  readonly token: Token;
  readonly end: number;
}

const MARKS = '(),|<>';

function tokenAt(line: string, start: number, number: number, file: string): Found {
  const make = (kind: TokenKind, end: number, fields: { value?: number; text?: string } = {}): Found => {
    return { token: { kind, value: fields.value ?? 0, text: fields.text ?? '', line: number }, end };
  };
  const numeric = scanNumber(line, start);
  if (numeric !== null && followed(line, numeric.end)) return make('number', numeric.end, { value: numeric.value });
  const mark = line.charAt(start);
  if (MARKS.includes(mark) && mark !== '' && followed(line, start + 1)) return make(mark as TokenKind, start + 1);
  const word = keyword(line, start);
  if (word !== null) return make(word.kind, word.end);
  if (mark === '"') return stringAt(line, start, number, file, make);
  const label = /^[A-Za-z0-9_]+/.exec(line.slice(start))?.[0];
  if (label !== undefined && followed(line, start + label.length)) {
    return make('label', start + label.length, { text: label });
  }
  return make('unknown', start, { text: mark });
}

/** Whether a character that scanf's %[^@] takes stands there. */
function followed(line: string, end: number): boolean {
  return end < line.length && line.charAt(end) !== '@';
}

function keyword(line: string, start: number): { kind: 'set' | 'rgb'; end: number } | null {
  const word = line.slice(start, start + 3);
  const kind = word === 'RGB' ? 'rgb' : ['set', 'Set', 'SET'].includes(word) ? 'set' : null;
  if (kind === null) return null;
  const end = skipBlank(line, start + 3);
  return followed(line, end) ? { kind, end } : null;
}

type Make = (kind: TokenKind, end: number, fields?: { text?: string }) => Found;

function stringAt(line: string, start: number, number: number, file: string, make: Make): Found {
  const close = line.indexOf('"', start + 1);
  if (close < 0) throw malformed(file, number, 'a string is not closed');
  if (!followed(line, close + 1)) throw malformed(file, number, 'a string is followed by @, which NEURON cannot read');
  return make('string', close + 1, { text: line.slice(start + 1, close) });
}
