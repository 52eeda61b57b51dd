/** Rules about single characters and about files that are included. */
import { type Edit, findAll } from '../text.ts';
import { complaintsLike, type Finding, finding, type Rule } from './rule.ts';

const PLAIN: Readonly<Record<string, string>> = {
  µ: 'u',
  μ: 'u',
  '°': 'deg',
  º: 'deg',
  '’': "'",
  '‘': "'",
  '“': "'",
  '”': "'",
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '·': '*',
  '±': '+-',
  '…': '...',
  '²': '2',
  '³': '3',
  α: 'alpha',
  β: 'beta',
  τ: 'tau',
  Δ: 'Delta',
  ß: 'ss',
  Ω: 'Ohm',
  '\u00a0': ' ',
  '\ufeff': '',
};

/** The nearest of a character in plain letters. */
function plainLetters(character: string): string {
  const known = PLAIN[character];
  if (known !== undefined) return known;
  const bare = character.normalize('NFKD').replace(/[^\0-\x7f]/g, '');
  return bare === '' ? '_' : bare;
}

const COMMENT_BLOCK = /^[ \t]*COMMENT\b[\s\S]*?^[ \t]*ENDCOMMENT\b/gm;

/** `Non-Ascii character in file`: anywhere but in COMMENT. */
export const nonAscii: Rule = (failing) =>
  complaintsLike(failing, 'translate', /Non-Ascii character/).flatMap((): Finding[] => {
    const { text } = failing.mod.source;
    const comments = findAll(text, COMMENT_BLOCK).map(({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
    }));
    const edits: Edit[] = findAll(text, /[^\0-\x7f]/gu)
      .filter(({ index }) => !comments.some(({ start, end }) => start <= index && index < end))
      .map(({ index, 0: found }) => ({ start: index, end: index + found.length, text: plainLetters(found) }));
    const [first] = edits;
    if (first === undefined) return [];
    return [finding('non-ascii', first, { character: text.slice(first.start, first.end) }, edits)];
  });

/** A double quote in TITLE. */
export const titleQuote: Rule = ({ mod, complaints }) => {
  const { title, source } = mod;
  if (title === null || !complaints.some(({ code }) => code?.includes('modelname'))) return [];
  const edits = findAll(source.text.slice(title.start, title.end), /"/g).map(({ index }) => ({
    start: title.start + index,
    end: title.start + index + 1,
    text: "'",
  }));
  const [first] = edits;
  return first === undefined ? [] : [finding('title-quote', first, {}, edits)];
};

/** An INCLUDEd file that is not there. */
export const missingInclude: Rule = (failing) =>
  complaintsLike(
    failing,
    'translate',
    /(?:Couldn't open|Can't open|Cannot open|can't be opened):?\s*"?([^"\s:]+)/i,
  ).flatMap(({ match }): Finding[] => {
    const name = (match[1] ?? '').replace(/^.*\//, '');
    const include = failing.mod.blocks.find((block) => block.kind === 'include' && block.file.endsWith(name));
    return include === undefined ? [] : [finding('missing-include', include, { name })];
  });
