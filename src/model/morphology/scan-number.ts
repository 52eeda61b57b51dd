/** Numbers in a text as C's scanf takes them, which is how NEURON reads a morphology. */

/** What was read, and the place after it. */
export interface Scanned {
  readonly value: number;
  readonly end: number;
}

/** C's isspace. */
const BLANK = /[ \t\n\v\f\r]/;

/** Skips white space. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text.charAt(at))) at++;
  return at;
}

/**
 * The number at `from`, which is no blank; null where there is none. Like scanf, it takes as many characters as could
 * belong to a number and then judges: `1e` is 1 with both characters taken, `-` alone is none. Infinity and NaN are
 * numbers here.
 */
export function scanNumber(text: string, from: number): Scanned | null {
  const found = NUMBER_LIKE.exec(text.slice(from, from + LONGEST));
  if (found === null) return wordNumber(text, from);
  const taken = found[0];
  const value = /^[-+]?0x/i.test(taken) ? hexadecimal(taken) : Number.parseFloat(taken);
  // A form without any digit, such as a lone sign or point.
  return Number.isNaN(value) ? null : { value, end: from + taken.length };
}

const LONGEST = 400;
const NUMBER_LIKE = /^[-+]?(?:0x[0-9a-f]*\.?[0-9a-f]*(?:p[-+]?\d*)?|\d+\.?\d*(?:e[-+]?\d*)?|\.\d+(?:e[-+]?\d*)?)/i;

function wordNumber(text: string, from: number): Scanned | null {
  const found = /^([-+]?)(?:(nan)|inf)/i.exec(text.slice(from, from + 10));
  if (found === null) return null;
  const [, sign, nan] = found;
  if (nan !== undefined) return { value: Number.NaN, end: from + (sign ?? '').length + 3 };
  return infinity(text, from, sign ?? '');
}

function infinity(text: string, from: number, sign: string): Scanned | null {
  const start = from + sign.length;
  const value = sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (text.charAt(start + 3).toLowerCase() !== 'i') return { value, end: start + 3 };
  // Once `infi` is there, scanf insists on the whole word.
  return text.slice(start, start + 8).toLowerCase() === 'infinity' ? { value, end: start + 8 } : null;
}

function hexadecimal(taken: string): number {
  const [, sign, whole = '', part = '', power] =
    /^([-+]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([-+]?\d+))?/i.exec(taken) ?? [];
  if (whole + part === '') return Number.NaN;
  const digits = Number.parseInt(`${whole}${part}` || '0', 16);
  const value = digits * 2 ** (Number(power ?? 0) - 4 * part.length);
  return sign === '-' ? -value : value;
}
