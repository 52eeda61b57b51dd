/**
 * Text to tokens. Comments (`:` and `?` to the end of the line, COMMENT … ENDCOMMENT) are left out; VERBATIM and TITLE come
 * whole, as text. A character that belongs to no token becomes a token of its own, for the parser to complain about.
 */
import { type Diagnostic, diagnostic } from './diagnostics.ts';
import type { Source, Span } from './source.ts';

export type TokenKind = 'name' | 'number' | 'string' | 'verbatim' | 'title' | 'mark' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The token's text; of verbatim, title and string what is between their marks. */
  readonly text: string;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
}

const SPACE = /[ \t\r\n\f\v\u00a0\ufeff]+/y;
const LINE_COMMENT = /[:?][^\r\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /"([^"\n]*)("?)/y;
/** Longer marks first. */
const MARK = /<->|<<|->|<=|>=|==|!=|&&|\|\||[\s\S]/y;
/** Ends of blocks of text count only at the start of a line (after blanks). */
const END_COMMENT = /^[ \t]*ENDCOMMENT\b[^\r\n]*/m;
const END_VERBATIM = /^[ \t]*ENDVERBATIM\b/m;

/** Cuts a text into tokens; the last one is `end`. Never throws. */
export function tokenize({ text }: Source): Tokens {
  const tokens: Token[] = [];
  const diagnostics: Diagnostic[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const add = (kind: TokenKind, content: string, start: number, end: number) => {
    tokens.push({ kind, text: content, start, end });
    at = end;
  };
  /** Text up to a closing word, which is left out. */
  const upTo = (closing: RegExp, open: Span): { content: string; end: number } | null => {
    const rest = text.slice(open.end);
    const found = closing.exec(rest);
    if (found === null) return null;
    return { content: rest.slice(0, found.index), end: open.end + found.index + found[0].length };
  };
  const word = (name: string, start: number, end: number) => {
    const span = { start, end };
    if (name === 'COMMENT') {
      const comment = upTo(END_COMMENT, span);
      if (comment === null) diagnostics.push(diagnostic('unclosed-comment', span, {}));
      at = comment?.end ?? text.length;
    } else if (name === 'VERBATIM') {
      const verbatim = upTo(END_VERBATIM, span);
      if (verbatim === null) diagnostics.push(diagnostic('unclosed-verbatim', span, {}));
      add('verbatim', verbatim?.content ?? text.slice(end), start, verbatim?.end ?? text.length);
    } else if (name === 'TITLE') {
      const rest = text.slice(end).search(/[\r\n]/);
      const stop = rest === -1 ? text.length : end + rest;
      add('title', text.slice(end, stop).trim(), start, stop);
    } else add('name', name, start, end);
  };
  while (at < text.length) {
    const skipped = match(SPACE) ?? match(LINE_COMMENT);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const start = at;
    const name = match(NAME);
    const number = name === null ? match(NUMBER) : null;
    const string = name === null && number === null ? match(STRING) : null;
    if (name !== null) word(name[0], start, start + name[0].length);
    else if (number !== null) add('number', number[0], start, start + number[0].length);
    else if (string !== null) {
      const end = start + string[0].length;
      if (string[2] === '') diagnostics.push(diagnostic('unclosed-string', { start, end }, {}));
      add('string', string[1] ?? '', start, end);
    } else {
      const mark = match(MARK)?.[0] ?? '';
      add('mark', mark, start, start + mark.length);
    }
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return { tokens, diagnostics };
}
