/** The C of VERBATIM as tokens: comments left out, conditions of the preprocessor decided as NEURON 9 decides them. */

export interface CToken {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'end';
  readonly text: string;
}

/** Thrown where the text is not the C that is understood; the message names what it is. */
export class NotUnderstood extends Error {}

/** Macros without parameters. */
export type Macros = Map<string, readonly CToken[]>;

/** What NEURON 9 defines when it compiles mechanisms, and what it does not. */
const DEFINED: ReadonlyMap<string, boolean> = new Map([
  ['NRN_VERSION_GTEQ_8_2_0', true],
  ['NRN_VERSION_GTEQ_9_0_0', true],
  ['CORENEURON_BUILD', false],
  ['NRNBBCORE', false],
  ['__cplusplus', true],
]);

const TOKEN =
  /\s+|([A-Za-z_]\w*)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFlLuU]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(->|\+\+|--|\+=|-=|\*=|\/=|<=|>=|==|!=|&&|\|\||::|[\s\S])/y;

/**
 * Cuts a text into tokens. Macros that it defines are added to `macros`; those known are replaced. Where it is `tolerant`,
 * lines under conditions that are not understood are left out.
 */
export function tokenizeC(text: string, macros: Macros, tolerant = false): CToken[] {
  const bare = text
    .replace(/\r\n?/g, '\n')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ');
  const tokens: CToken[] = [];
  const open: (boolean | null)[] = [];
  for (const line of bare.replace(/\\\n/g, ' ').split('\n')) {
    const directive = /^\s*#\s*(\w*)\s*(.*?)\s*$/.exec(line);
    if (directive !== null) obeyOr(directive[1] ?? '', directive[2] ?? '', { open, macros, tolerant });
    else if (open.every((counts) => counts === true)) tokens.push(...expand(cut(line), macros));
  }
  // What stands between this VERBATIM and the one that closes the condition is NMODL, and under it too.
  if (!tolerant && open.length > 0) throw new NotUnderstood('#if without #endif');
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

interface State {
  /** For each open #if: whether its lines count; null where that is not known. */
  readonly open: (boolean | null)[];
  readonly macros: Macros;
  readonly tolerant: boolean;
}

function obeyOr(word: string, rest: string, state: State): void {
  try {
    obey(word, rest, state);
  } catch (error) {
    if (!state.tolerant || !(error instanceof NotUnderstood)) throw error;
    if (word.startsWith('if')) state.open.push(null);
    else if (word === 'elif' && state.open.length > 0) state.open[state.open.length - 1] = null;
  }
}

function obey(word: string, rest: string, { open, macros }: State): void {
  const counts = open.every((one) => one === true);
  if (['elif', 'else', 'endif'].includes(word) && open.length === 0) throw new NotUnderstood(`#${word} without #if`);
  // Which of its branches counts is not worked out.
  if (word === 'elif') throw new NotUnderstood('#elif');
  if (word === 'ifdef') open.push(isDefined(rest, macros));
  else if (word === 'ifndef') open.push(!isDefined(rest, macros));
  else if (word === 'if') open.push(condition(rest, macros));
  else if (word === 'else') {
    const before = open.pop();
    open.push(before === null ? null : before === false);
  } else if (word === 'endif') open.pop();
  else if (word === 'define' && counts) define(rest, macros);
  else if (word === 'undef' && counts) macros.delete(rest);
  else if (counts && !['include', 'pragma', ''].includes(word)) throw new NotUnderstood(`#${word}`);
}

function isDefined(name: string, macros: Macros): boolean {
  const known = DEFINED.get(name);
  if (known !== undefined) return known;
  if (macros.has(name)) return true;
  throw new NotUnderstood(`#ifdef ${name}`);
}

function condition(text: string, macros: Macros): boolean {
  if (text === '0' || text === '1') return text === '1';
  const parts = /^(!?)\s*(?:defined\s*\(?\s*)?(\w+)\s*\)?$/.exec(text);
  if (parts === null) throw new NotUnderstood(`#if ${text}`);
  return isDefined(parts[2] ?? '', macros) !== (parts[1] === '!');
}

function define(text: string, macros: Macros): void {
  const parts = /^(\w+)(\(?)(.*)$/.exec(text);
  // A macro with parameters is met again, unreplaced, where it is used.
  if (parts === null || parts[2] === '(') return;
  macros.set(parts[1] ?? '', expand(cut(parts[3] ?? ''), macros));
}

function cut(line: string): CToken[] {
  const tokens: CToken[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(line); found !== null && found[0] !== ''; found = TOKEN.exec(line)) {
    const [, name, number, text, mark] = found;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    if (TOKEN.lastIndex >= line.length) break;
  }
  return tokens;
}

function expand(tokens: readonly CToken[], macros: Macros): CToken[] {
  return tokens.flatMap((token) => (token.kind === 'name' ? (macros.get(token.text) ?? [token]) : [token]));
}
