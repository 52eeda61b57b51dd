/** The text of a mechanism file, and places in it. */

/** A stretch of text, as offsets: from `start` up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Source {
  /** How the file is called in messages. */
  readonly file: string;
  readonly text: string;
}

/** Where an offset is. */
export function positionAt({ text }: Source, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** The line an offset stands in, without its end. */
export function lineAt({ text }: Source, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '');
}
