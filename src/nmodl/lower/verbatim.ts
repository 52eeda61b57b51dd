/** VERBATIM: C that is recognised by its shape; all other C is refused where a run reaches it. */
import type { Step } from '../../kernel/program.ts';
import type { Statement } from '../syntax.ts';
import type { Module } from './module.ts';
import { local, number, set } from './values.ts';

type Verbatim = Extract<Statement, { kind: 'verbatim' }>;

export function lowerVerbatim(module: Module, statement: Verbatim): Step[] {
  const steps: Step[] = [];
  for (const text of cStatements(statement.text)) {
    const understood = understand(module, text);
    if (understood === null) {
      const what = text.length > 50 ? `“${text.slice(0, 50)}…”` : `“${text}”`;
      module.report('verbatim-refused', statement, { what });
      return [];
    }
    steps.push(...understood);
  }
  return steps;
}

/** C without comments, preprocessor lines and needless blanks, cut at semicolons that stand outside braces. */
export function cStatements(text: string): string[] {
  const bare = text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/^[ \t]*#[^\n]*$/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return splitOutsideBraces(bare);
}

function splitOutsideBraces(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"' && text[i - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if (character === '{' || character === '(') depth += 1;
    if (character === '}' || character === ')') depth -= 1;
    if (depth === 0 && (character === ';' || character === '}')) {
      parts.push(text.slice(start, i + 1).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '' && part !== ';');
}

const DECLARATION =
  /^(extern|static)?\s*(unsigned\s+)?(double|int|void|char|long|Symbol|Object)\b[\s*&]*\w+\s*(\([^(){}]*\))?\s*;$/;
const PRINTING = /^(printf|fprintf|fflush|puts)\s*\([^;{}]*\)\s*;$/;

/** The steps of one C statement, or null where it is not understood. */
function understand(module: Module, text: string): Step[] | null {
  if (/^return( 0| 0\.| 0\.0)?\s*;$/.test(text)) return lowerReturn(module);
  if (/^extern\b/.test(text) && DECLARATION.test(text)) return [];
  if (PRINTING.test(text)) return [];
  const copy = /^(\w+) ?= ?_ion_(\w+) ?;$/.exec(text);
  if (copy !== null && copy[1] === copy[2] && module.declarations.ionVariables.has(copy[1] ?? '')) return [];
  const back = /^_ion_(\w+) ?= ?(\w+) ?;$/.exec(text);
  if (back !== null && back[1] === back[2] && isWritten(module, back[1] ?? '')) return [];
  return null;
}

/** `return 0;` ends a procedure; in a FUNCTION it also gives 0, whatever was assigned before. */
function lowerReturn(module: Module): Step[] | null {
  if (module.setting !== 'routine' && module.setting !== 'receive') return null;
  const { result } = module.scope;
  const end: Step = { do: 'return' };
  return result === null ? [end] : [set(local(result), number(0)), end];
}

/** Whether NEURON itself writes the variable to the ion after the phase. */
function isWritten(module: Module, name: string): boolean {
  return module.declarations.neuron.ions.some(({ writes }) => writes.some(({ variable }) => variable === name));
}
