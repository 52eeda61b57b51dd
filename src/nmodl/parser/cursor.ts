/** Walking over the tokens: looking, taking, expecting, and getting back on the path after a mistake. */
import { type Diagnostic, type DiagnosticCode, type DiagnosticParameters, diagnostic } from '../diagnostics.ts';
import type { Token, TokenKind } from '../lexer.ts';
import type { Source, Span } from '../source.ts';

/** Thrown to leave a construct that cannot be read; caught at the next block. */
export class SyntaxAbort extends Error {}

/** How deep expressions and bodies may nest: more is no mechanism, and would use up the stack. */
const DEEPEST = 200;

export class Cursor {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokens[this.#index] as Token;
  }

  peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] as Token;
  }

  /** Where what was taken last ends. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0;
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  isMark(text: string): boolean {
    return this.token.kind === 'mark' && this.token.text === text;
  }

  isWord(...words: readonly string[]): boolean {
    return this.token.kind === 'name' && words.includes(this.token.text);
  }

  tryMark(text: string): boolean {
    if (!this.isMark(text)) return false;
    this.take();
    return true;
  }

  tryWord(...words: readonly string[]): Token | null {
    return this.isWord(...words) ? this.take() : null;
  }

  expectMark(text: string): Token {
    return this.isMark(text) ? this.take() : this.fail(`“${text}”`);
  }

  expectKind(kind: TokenKind, what: string): Token {
    return this.token.kind === kind ? this.take() : this.fail(what);
  }

  expectName(what = 'a name'): string {
    return this.expectKind('name', what).text;
  }

  /** Reports what was expected here, and leaves the construct. */
  fail(expected: string): never {
    const { token } = this;
    const found = token.kind === 'end' ? 'the end of the file' : `“${this.#shown(token)}”`;
    this.report('unexpected-token', token, { expected, found });
    throw new SyntaxAbort();
  }

  report<Code extends DiagnosticCode>(code: Code, span: Span, parameters: DiagnosticParameters<Code>): void {
    this.diagnostics.push(diagnostic(code, span, parameters));
  }

  /** Runs the reader of something that can hold itself. */
  nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) {
      this.report('nested-too-deep', this.token, { limit: String(DEEPEST) });
      throw new SyntaxAbort();
    }
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** A unit in parentheses, as it is written, or null where there is none. Its characters are not tokens of ours. */
  units(): string | null {
    if (!this.isMark('(')) return null;
    const open = this.token;
    const { text } = this.#source;
    const close = text.indexOf(')', open.end);
    const newline = text.indexOf('\n', open.end);
    if (close === -1 || (newline !== -1 && newline < close)) {
      this.report('unclosed-units', open, {});
      throw new SyntaxAbort();
    }
    while (this.token.kind !== 'end' && this.token.start <= close) this.take();
    return text.slice(open.end, close).trim().replace(/\s+/g, ' ');
  }

  /** Skips to the next of these words that begins a line, where a block can begin again. */
  recover(words: ReadonlySet<string>): void {
    this.#depth = 0;
    while (this.token.kind !== 'end') {
      const { token } = this;
      if (token.kind === 'name' && words.has(token.text) && this.#beginsLine(token)) return;
      this.take();
    }
  }

  #beginsLine(token: Token): boolean {
    const { text } = this.#source;
    return text.slice(text.lastIndexOf('\n', token.start - 1) + 1, token.start).trim() === '';
  }

  #shown(token: Token): string {
    const text = this.#source.text.slice(token.start, token.end).split('\n')[0] ?? '';
    return text.length > 24 ? `${text.slice(0, 23)}…` : text;
  }
}
