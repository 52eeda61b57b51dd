/** A mechanism file as the rules look at it: NMODL and C apart, comments blanked, every character at its own offset. */
import { type Block, parse, type Source, type Span, tokenize } from '../nmodl/index.ts';

/** Text put in the place of a stretch of the file. */
export interface Edit extends Span {
  readonly text: string;
}

export interface ModText {
  readonly source: Source;
  /** The file with comments, titles and VERBATIM blanked; newlines stay. */
  readonly nmodl: string;
  /** The file with all but the contents of VERBATIM blanked, C comments and strings too. */
  readonly c: string;
  /** The contents of VERBATIM as they are, all else blanked. */
  readonly verbatim: string;
  readonly title: Span | null;
  readonly blocks: readonly Block[];
}

export function readModText(source: Source): ModText {
  const { text } = source;
  const { tokens } = tokenize(source);
  const blank = text.replace(/[^\n]/g, ' ');
  const keep = (kinds: readonly string[], content: (start: number, end: number) => Span) => {
    let kept = '';
    let at = 0;
    for (const token of tokens) {
      if (!kinds.includes(token.kind) || token.start === token.end) continue;
      const { start, end } = content(token.start, token.end);
      kept += blank.slice(at, start) + text.slice(start, end);
      at = end;
    }
    return kept + blank.slice(at);
  };
  const whole = (start: number, end: number) => ({ start, end });
  const inner = (start: number, end: number) => {
    const close = /[ \t]*ENDVERBATIM\b$/.exec(text.slice(start, end));
    return { start: start + 'VERBATIM'.length, end: close === null ? end : start + close.index };
  };
  const verbatim = keep(['verbatim'], inner);
  const title = tokens.find(({ kind }) => kind === 'title');
  return {
    source,
    nmodl: keep(['name', 'number', 'string', 'mark'], whole),
    c: blankC(verbatim),
    verbatim,
    title: title === undefined ? null : { start: title.start, end: title.end },
    blocks: parse(source).mechanism.blocks,
  };
}

const C_NOISE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** C without comments and the contents of strings. */
function blankC(text: string): string {
  return text.replace(C_NOISE, (found) => found.replace(/[^\n]/g, ' '));
}

/** All places where a pattern (with the flag g) matches. */
export function findAll(text: string, pattern: RegExp): RegExpExecArray[] {
  return [...text.matchAll(pattern)];
}

/** The block that an offset stands in. */
export function blockAt({ blocks }: ModText, offset: number): Block | undefined {
  return blocks.find(({ start, end }) => start <= offset && offset < end);
}

/** Whole lines of the file that have the given text, leading and trailing blanks aside, in the order of the file. */
export function linesLike(text: string, wanted: string): Span[] {
  const trimmed = wanted.trim();
  if (trimmed === '') return [];
  const found: Span[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === trimmed) {
      const indent = line.length - line.trimStart().length;
      found.push({ start: start + indent, end: start + line.trimEnd().length });
    }
    start += line.length + 1;
  }
  return found;
}

/** The offset of the beginning of a line, counted from 1. */
export function lineStart(text: string, line: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start);
    if (next === -1) return start;
    start = next + 1;
  }
  return start;
}

/** Edits in the order of the text; of two that overlap, and of two that are the same, the later one is left out. */
export function appliedOf(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = kept.at(-1);
    const isAgain = last?.start === edit.start && last.end === edit.end && last.text === edit.text;
    if (!isAgain && edit.start >= (last?.end ?? 0)) kept.push(edit);
  }
  return kept;
}

/** The text with edits applied. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of appliedOf(edits)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** Removes a stretch, and its line with it where nothing else stands there. */
export function removal(text: string, { start, end }: Span): Edit {
  const lineBegin = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline === -1 ? text.length : newline + 1;
  const alone = text.slice(lineBegin, start).trim() === '' && text.slice(end, lineEnd).trim() === '';
  return alone ? { start: lineBegin, end: lineEnd, text: '' } : { start, end, text: '' };
}
