/** What a rule gets and gives. */
import type { Span } from '../../nmodl/index.ts';
import { type FailureCode, type FailureParameters, wordsOf } from '../failures.ts';
import type { Complaint } from '../output.ts';
import { type Edit, lineStart, linesLike, type ModText } from '../text.ts';

/** A file that NEURON does not compile. */
export interface Failing {
  readonly mod: ModText;
  readonly complaints: readonly Complaint[];
  /** The C++ that NEURON made of it; null where it made none. */
  readonly generated: string | null;
  /** Whether the function is declared by NEURON's headers or the C library's. */
  readonly isKnown: (name: string) => boolean;
}

/** One cause of a failure, in words, with its place in the file and what mends it (null: nothing that is certain). */
export interface Finding {
  readonly code: FailureCode;
  readonly span: Span;
  readonly message: string;
  readonly hint: string;
  readonly edits: readonly Edit[] | null;
}

export type Rule = (failing: Failing) => Finding[];

export function finding<Code extends FailureCode>(
  code: Code,
  span: Span,
  parameters: FailureParameters<Code>,
  edits: readonly Edit[] | null = null,
): Finding {
  return { code, span: { start: span.start, end: span.end }, ...wordsOf(code, parameters), edits };
}

/** Complaints of a stage whose message matches, with the match. */
export function complaintsLike(
  { complaints }: Failing,
  stage: Complaint['stage'],
  pattern: RegExp,
): { complaint: Complaint; match: RegExpExecArray }[] {
  return complaints.flatMap((complaint) => {
    const match = complaint.stage === stage ? pattern.exec(complaint.message) : null;
    return match === null ? [] : [{ complaint, match }];
  });
}

/** The line of VERBATIM that a line of C++ came from: the same text, and of several the one with the same number. */
export function locate({ mod, generated }: Failing, { code, line }: Complaint): Span | null {
  if (code === null) return null;
  const lines = linesLike(mod.verbatim, code);
  if (lines.length < 2 || generated === null || line === null) return lines[0] ?? null;
  const same = linesLike(generated, code);
  const limit = lineStart(generated, line + 1);
  const before = same.filter(({ start }) => start < limit).length;
  return lines[Math.min(before, lines.length) - 1] ?? null;
}

/** A line of the mechanism file by its number, without indentation. */
export function lineSpan(text: string, line: number): Span {
  const begin = lineStart(text, line);
  const newline = text.indexOf('\n', begin);
  const end = newline === -1 ? text.length : newline;
  const content = text.slice(begin, end);
  return { start: begin + (content.length - content.trimStart().length), end: begin + content.trimEnd().length };
}
