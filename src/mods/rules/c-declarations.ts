/** Declarations and definitions of functions in VERBATIM. */
import type { Span } from '../../nmodl/index.ts';
import { type Edit, findAll, removal } from '../text.ts';

/** A function's declarator in a declaration: `*vector_arg()` in `double x, *vector_arg();`. */
export interface Declaration {
  /** The whole declaration, with its semicolon. */
  readonly whole: Span;
  readonly declarator: Span;
  /** The name alone. */
  readonly name: Span;
  /** What stands between the parentheses. */
  readonly arguments: Span;
  readonly type: string;
  readonly isOnly: boolean;
}

const NOT_TYPES = /^(?:return|else|case|goto|do|if|while|for|switch|sizeof|delete|new|throw)\b/;
const STATEMENT =
  /(?<=^|[;{}\n])[ \t]*((?:extern\s+)?(?:"C"\s*)?(?:(?:static|const|unsigned|signed|struct|long|short)\s+)*\w+)\b([^;{}=#]*);/g;

/** All declarations of a function in C. */
export function declarationsOf(c: string, name: string): Declaration[] {
  const found: Declaration[] = [];
  for (const match of findAll(c, STATEMENT)) {
    const [all, type = '', rest = ''] = match;
    const content = match.index + (all.length - all.trimStart().length);
    if (NOT_TYPES.test(type)) continue;
    // The type may be the name: `static initmodel();`
    const restStart = match.index + all.indexOf(rest, all.indexOf(type) + type.length);
    const whole = { start: content, end: match.index + all.length };
    const declarators = splitDeclarators(rest).map(({ start, end }) => ({
      start: restStart + start,
      end: restStart + end,
    }));
    const bare = new RegExp(`^(.*?)\\s*\\b${name}$`).exec(type);
    if (bare !== null && bare[1] !== '' && /^\s*\(/.test(rest)) {
      found.push(
        declaration(c, whole, { start: restStart - name.length, end: whole.end - 1 }, name, bare[1] ?? '', true),
      );
      continue;
    }
    for (const one of declarators) {
      if (!new RegExp(`^[\\s*]*(?:const\\s+)?[\\s*]*\\b${name}\\s*\\(`).test(c.slice(one.start, one.end))) continue;
      found.push(declaration(c, whole, one, name, type, declarators.length === 1));
    }
  }
  return found;
}

function declaration(
  c: string,
  whole: Span,
  declarator: Span,
  name: string,
  type: string,
  isOnly: boolean,
): Declaration {
  const text = c.slice(declarator.start, declarator.end);
  const at = declarator.start + text.search(new RegExp(`\\b${name}\\b`));
  const open = c.indexOf('(', at);
  return {
    whole,
    declarator,
    name: { start: at, end: at + name.length },
    arguments: { start: open + 1, end: c.lastIndexOf(')', declarator.end) },
    type: type.replace(/^extern\s+/, ''),
    isOnly,
  };
}

/** Stretches between commas that stand in no parentheses. */
function splitDeclarators(text: string): Span[] {
  const parts: Span[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (at === text.length || (character === ',' && depth === 0)) {
      parts.push({ start, end: at });
      start = at + 1;
    }
  }
  return parts;
}

/** Takes a declarator away, and the declaration with it where it is the only one. */
export function withoutDeclaration(text: string, { whole, declarator, isOnly }: Declaration): Edit {
  if (isOnly) return removal(text, whole);
  if (text[declarator.end] === ',') return { start: declarator.start, end: declarator.end + 1, text: ' ' };
  return { start: declarator.start - 1, end: declarator.end, text: '' };
}

/** A definition in the way of before 1989: `double f(x, n) double x; int n; {`. */
export interface OldDefinition {
  readonly name: Span;
  /** From the opening parenthesis to before the brace. */
  readonly head: Span;
  /** The arguments with their types. */
  readonly arguments: string;
  readonly hasType: boolean;
}

const OLD_STYLE =
  /(?<=^|[;}\n])[ \t]*((?:[A-Za-z_]\w*[\s*]+)*?)([A-Za-z_]\w*)\s*(\(\s*[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*\s*\))((?:\s*[A-Za-z_][\w\s*,[\]]*;)+)\s*\{/g;

export function oldDefinitions(c: string): OldDefinition[] {
  return findAll(c, OLD_STYLE).flatMap((match): OldDefinition[] => {
    const [all, before = '', name = '', list = '', declared = ''] = match;
    if (NOT_TYPES.test(name) || NOT_TYPES.test(before)) return [];
    const types = new Map<string, string>();
    for (const one of declared.split(';').map((part) => part.trim())) {
      const [first = '', ...others] = one.split(',');
      const [, type, stars = '', argument, array = ''] = /^(.*?\w)([\s*]+)(\w+)\s*((?:\[\w*\])*)$/s.exec(first) ?? [];
      if (type === undefined || argument === undefined) continue;
      const plain = type.replace(/^register\s+/, '');
      types.set(argument, `${plain} ${stars.replace(/\s/g, '')}${argument}${array}`);
      for (const other of others) types.set(other.replace(/[\s*]|\[.*/g, ''), `${plain} ${other.trim()}`);
    }
    const names = list
      .slice(1, -1)
      .split(',')
      .map((part) => part.trim());
    if (types.size === 0 || [...types.keys()].some((key) => !names.includes(key))) return [];
    const nameStart = match.index + all.lastIndexOf(name, all.indexOf(list));
    const start = match.index + all.indexOf(list);
    return [
      {
        name: { start: nameStart, end: nameStart + name.length },
        head: { start, end: start + list.length + declared.length },
        arguments: names.map((one) => types.get(one) ?? `int ${one}`).join(', '),
        hasType: before.trim() !== '',
      },
    ];
  });
}

/** The arguments of a function that the text defines, with their types; null where it does not. */
export function definedArguments(c: string, name: string): string | null {
  const old = oldDefinitions(c).find(({ name: { start, end } }) => c.slice(start, end) === name);
  if (old !== undefined) return old.arguments;
  const match = new RegExp(`\\b${name}\\s*\\(([^;{}()]*)\\)\\s*\\{`).exec(c);
  return match === null ? null : (match[1] ?? '').trim();
}
