/** VERBATIM: C that can be understood becomes steps; all other C is refused where a run reaches it. */
import type { Step } from '../../kernel/program.ts';
import type { Statement } from '../syntax.ts';
import { parseStatements } from '../verbatim/parse.ts';
import { NotUnderstood } from '../verbatim/tokens.ts';
import { lowerCStatements } from './c-statements.ts';
import type { Module } from './module.ts';

export function lowerVerbatim(module: Module, statement: Extract<Statement, { kind: 'verbatim' }>): Step[] {
  // What NEURON does itself after the phase is left out: a variable goes back to its ion.
  const text = statement.text.replace(/\b_ion_(\w+)\s*=\s*(\w+)\s*;/g, (copy, back: string, value: string) =>
    back === value && isWritten(module, back) ? ';' : copy,
  );
  module.leftOut = [];
  try {
    const steps = lowerCStatements(module, parseStatements(text, module.macros));
    for (const what of module.leftOut) module.report('verbatim-branch-refused', statement, { what: shown(what) });
    return steps;
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    module.report('verbatim-refused', statement, { what: shown(error.message) });
    return [];
  }
}

function shown(what: string): string {
  const found = what.slice(0, 60) || 'its end';
  return /\s/.test(found) ? found : `“${found}”`;
}

/** Whether NEURON itself writes the variable to the ion after the phase. */
function isWritten(module: Module, name: string): boolean {
  return module.declarations.neuron.ions.some(({ writes }) =>
    writes.some(({ variable, field }) => variable === name && field !== 'current'),
  );
}
