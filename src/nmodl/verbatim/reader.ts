/** Walking over the tokens of C. */
import type { CType } from './syntax.ts';
import { type CToken, NotUnderstood } from './tokens.ts';

const DEEPEST = 100;

export class CReader {
  readonly #tokens: readonly CToken[];
  place = 0;
  #depth = 0;

  constructor(tokens: readonly CToken[]) {
    this.#tokens = tokens;
  }

  get token(): CToken {
    return this.peek(0);
  }

  peek(ahead: number): CToken {
    return this.#tokens[this.place + ahead] ?? { kind: 'end', text: '' };
  }

  take(): CToken {
    const { token } = this;
    this.place += 1;
    return token;
  }

  isMark(text: string): boolean {
    return this.token.kind === 'mark' && this.token.text === text;
  }

  tryMark(text: string): boolean {
    if (!this.isMark(text)) return false;
    this.take();
    return true;
  }

  expectMark(text: string): void {
    if (!this.tryMark(text)) throw new NotUnderstood(this.token.text);
  }

  isWord(text: string): boolean {
    return this.token.kind === 'name' && this.token.text === text;
  }

  tryWord(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.take();
    return true;
  }

  expectWord(text: string): void {
    if (!this.tryWord(text)) throw new NotUnderstood(this.token.text);
  }

  expectName(): string {
    if (this.token.kind !== 'name') throw new NotUnderstood(this.token.text);
    return this.take().text;
  }

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new NotUnderstood('text nested too deep');
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Past the end of a function or declaration. */
  skipTop(): void {
    let depth = 0;
    while (this.token.kind !== 'end') {
      const { text, kind } = this.take();
      if (kind !== 'mark') continue;
      if (text === '{' || text === '(') depth += 1;
      if (text === '}' || text === ')') depth -= 1;
      if (depth <= 0 && (text === ';' || (text === '}' && !this.isMark(';')))) return;
    }
  }
}

const NUMBERS: Readonly<Record<string, CType>> = { double: 'double', int: 'int', long: 'int' };
const QUALIFIERS = new Set(['static', 'const', 'extern', 'inline', 'signed']);
/** Types of which only pointers are met; numbers of `short` would have to be cut to 16 bits. */
const OPAQUE = new Set([
  'short',
  'void',
  'char',
  'Object',
  'Symbol',
  'IvocVect',
  'Rand',
  'nrnran123_State',
  'FILE',
  'Point_process',
]);

/** A type, where one stands here; null, with nothing taken, where none does. */
export function readType(reader: CReader): CType | 'void' | null {
  const start = reader.place;
  while (reader.token.kind === 'name' && QUALIFIERS.has(reader.token.text)) reader.take();
  const { kind, text } = reader.token;
  const number = kind === 'name' ? NUMBERS[text] : undefined;
  if (kind !== 'name' || (number === undefined && !OPAQUE.has(text))) {
    reader.place = start;
    return null;
  }
  reader.take();
  if (text === 'long') while (reader.tryWord('int') || reader.tryWord('long'));
  let stars = 0;
  while (reader.tryMark('*')) stars += 1;
  if (stars > 0) return 'pointer';
  if (number !== undefined) return number;
  if (text === 'void') return 'void';
  throw new NotUnderstood(text);
}
