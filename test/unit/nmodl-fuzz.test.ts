/** Nothing breaks the front end: 100,000 random and mutated texts end in a tree and diagnostics. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, printMechanism, tokenize } from '../../src/nmodl/index.ts';
import { bare, EVERYTHING } from '../fixtures/nmodl-tree.ts';

describe('whatever comes in', () => {
  /** Pieces of the language, and of none. */
  const pieces = fc.array(
    fc.constantFrom(
      ...[
        'NEURON',
        'SUFFIX',
        'x',
        'PARAMETER',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '=',
        '<->',
        '<<',
        '~',
        "'",
        '+',
        '-',
        '^',
        ',',
      ].concat(
        [
          'if',
          'else',
          'VERBATIM',
          'ENDVERBATIM',
          'COMMENT',
          'ENDCOMMENT',
          '\n',
          ' ',
          '"',
          ':',
          '?',
          '1.5e',
          '.',
          'µ',
          '\0',
          'TABLE',
        ],
        [
          'FROM',
          'TO',
          'SOLVE',
          'METHOD',
          'KINETIC',
          'STATE',
          'UNITS',
          'USEION',
          'READ',
          'NET_RECEIVE',
          'WATCH',
          'LOCAL',
          '<',
          '>',
        ],
      ),
    ),
    { maxLength: 60 },
  );

  const survives = (text: string) => {
    const { mechanism, diagnostics } = parse({ file: 'x', text });
    for (const { span } of diagnostics) {
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
    // What was read without complaint can be printed and read again.
    if (diagnostics.length === 0)
      expect(bare(parse({ file: 'x', text: printMechanism(mechanism) }).mechanism)).toEqual(bare(mechanism));
  };

  test('ends in a tree and diagnostics: random pieces', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(pieces, (parts) => survives(parts.join(''))),
      { numRuns: 60_000 },
    );
  });

  test('random text', { timeout: 120_000 }, () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 30_000 });
  });

  test('a file with parts taken out, doubled or swapped', { timeout: 120_000 }, () => {
    const { tokens } = tokenize({ file: 'x', text: EVERYTHING });
    const mutation = fc.tuple(
      fc.nat(tokens.length - 2),
      fc.nat(tokens.length - 2),
      fc.constantFrom('drop', 'double', 'swap', 'cut'),
    );
    fc.assert(
      fc.property(mutation, ([i, j, how]) => {
        const [a, b] = [tokens[Math.min(i, j)], tokens[Math.max(i, j)]];
        if (a === undefined || b === undefined) return;
        const between = EVERYTHING.slice(a.end, b.start);
        const texts = { a: EVERYTHING.slice(a.start, a.end), b: EVERYTHING.slice(b.start, b.end) };
        const middle = {
          drop: between,
          double: `${texts.a} ${texts.a}${between}${texts.b}`,
          swap: `${texts.b}${between}${texts.a}`,
          cut: '',
        }[how];
        survives(`${EVERYTHING.slice(0, a.start)}${middle}${how === 'cut' ? '' : EVERYTHING.slice(b.end)}`);
      }),
      { numRuns: 10_000 },
    );
  });
});
