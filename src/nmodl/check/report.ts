/** How a pass says what is wrong. */
import type { DiagnosticCode, DiagnosticParameters } from '../diagnostics.ts';
import type { Span } from '../source.ts';

export type Report = <Code extends DiagnosticCode>(
  code: Code,
  span: Span,
  parameters: DiagnosticParameters<Code>,
) => void;
