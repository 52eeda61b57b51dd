/**
 * Everything the compiler has to say, in one table: an unknown code or a missing parameter does not compile. A message
 * says what is wrong, a hint what to do.
 */
import { lineAt, positionAt, type Source, type Span } from './source.ts';

interface Entry {
  readonly severity: 'error' | 'warning';
  /** Text with named parameters in braces. */
  readonly message: string;
  readonly hint?: string;
}

export const DIAGNOSTICS = {
  'unclosed-comment': {
    severity: 'error',
    message: 'COMMENT is not closed',
    hint: 'Add ENDCOMMENT at the start of a line.',
  },
  'unclosed-verbatim': {
    severity: 'error',
    message: 'VERBATIM is not closed',
    hint: 'Add ENDVERBATIM at the start of a line.',
  },
  'unclosed-string': { severity: 'error', message: 'a string is not closed on its line' },
  'unclosed-units': { severity: 'error', message: 'the parenthesis of a unit is not closed on its line' },
  'unexpected-token': { severity: 'error', message: 'expected {expected}, found {found}' },
  'unknown-block': {
    severity: 'error',
    message: '{found} begins no block',
    hint: 'Blocks are NEURON, UNITS, PARAMETER, STATE, ASSIGNED, INITIAL, BREAKPOINT, DERIVATIVE, KINETIC and their like.',
  },
  'nested-too-deep': { severity: 'error', message: 'nested more than {limit} deep' },
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

type ParameterOf<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | ParameterOf<Rest> : never;

/** The parameters a code's message needs. */
export type DiagnosticParameters<Code extends DiagnosticCode> = {
  readonly [Name in ParameterOf<(typeof DIAGNOSTICS)[Code]['message']>]: string;
};

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly span: Span;
}

/** Makes a diagnostic of the table. */
export function diagnostic<Code extends DiagnosticCode>(
  code: Code,
  span: Span,
  parameters: DiagnosticParameters<Code>,
): Diagnostic {
  const { severity, message, ...more }: Entry = DIAGNOSTICS[code];
  const values = parameters as Readonly<Record<string, string>>;
  const text = message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return { code, severity, message: text, ...more, span };
}

/** The diagnostic as a compiler prints it: file, line, column, the line with a caret, what to do. */
export function codeFrame(source: Source, { code, severity, message, hint, span }: Diagnostic): string {
  const { line, column } = positionAt(source, span.start);
  const text = lineAt(source, span.start);
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  // Tabs stay, so that the caret stands under its character.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const lines = [
    `${source.file}:${line}:${column} ${severity} ${code}: ${message}`,
    `  ${text}`,
    `  ${indent}${'^'.repeat(width)}`,
  ];
  return [...lines, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n');
}
