/** The order in which names first stand in a file: NEURON numbers some states by it. */
import { type Token, tokenize } from '../lexer.ts';
import type { Source } from '../source.ts';

/** Blocks in which every parenthesis holds a unit. */
const DECLARING = new Set(['PARAMETER', 'ASSIGNED', 'STATE', 'CONSTANT', 'UNITS', 'INDEPENDENT']);

/** Names of a text, units left out; `included` gives what stands at an INCLUDE, by its offset. */
export function namesInOrder(source: Source, included: ReadonlyMap<number, readonly string[]>): string[] {
  const names = new Set<string>();
  const { tokens } = tokenize(source);
  let depth = 0;
  let block = '';
  let units = 0;
  tokens.forEach((token, i) => {
    const previous = tokens[i - 1];
    if (units > 0) {
      if (isMark(token, '(')) units += 1;
      else if (isMark(token, ')')) units -= 1;
    } else if (isMark(token, '{')) depth += 1;
    else if (isMark(token, '}')) depth = Math.max(0, depth - 1);
    else if (isMark(token, '(') && (previous?.kind === 'number' || (depth === 1 && DECLARING.has(block)))) units = 1;
    else if (token.kind === 'name') {
      if (depth === 0) block = token.text;
      names.add(token.text);
      for (const name of included.get(token.start) ?? []) names.add(name);
    }
  });
  return [...names];
}

function isMark(token: Token, text: string): boolean {
  return token.kind === 'mark' && token.text === text;
}
