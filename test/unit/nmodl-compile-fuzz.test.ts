/** Nothing breaks the compiler: changed and shuffled mechanisms end in diagnostics, or in a program that a back end takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileJavaScript } from '../../src/kernel/index.ts';
import { BUILTIN_MECHANISMS } from '../../src/nmodl/builtin/index.ts';
import { compile } from '../../src/nmodl/compile.ts';
import { EVERYTHING } from '../fixtures/nmodl-tree.ts';

const TEXTS = [...BUILTIN_MECHANISMS.values(), EVERYTHING];

/** Pieces that change what the text around them means. */
const PIECES = [
  '{',
  '}',
  '(',
  ')',
  '+',
  '^',
  '-',
  '[3]',
  "'",
  '1e400',
  'LOCAL q',
  'RANGE',
  'VERBATIM',
  'ENDVERBATIM',
  'if (v) {',
  'FROM i = 0 TO 3 {',
  'TABLE a FROM 0 TO 1 WITH 3',
  'SOLVE states METHOD cnexp',
  '~ a <-> b (c, d)',
  'USEION ca READ eca WRITE ica',
  'WATCH (v > 1) 2',
  'NET_RECEIVE (w) {',
  'net_send(1, 2)',
  'double x; x++;',
  'return 0;',
  'DEFINE n 3',
];

const changed = fc
  .tuple(
    fc.constantFrom(...TEXTS),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(6),
        piece: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES)),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((before, { at, cut, piece }) => {
      const place = Math.floor(at * before.length);
      return `${before.slice(0, place)} ${piece} ${before.slice(place + cut)}`;
    }, text),
  );

describe('whatever a mechanism becomes', () => {
  test('compiling it ends, and a program has code', { timeout: 120_000 }, () => {
    let programs = 0;
    fc.assert(
      fc.property(changed, (text) => {
        const { program, diagnostics } = compile({ file: 'changed.mod', text });
        const isWrong = diagnostics.some(({ severity }) => severity === 'error');
        expect(program === null).toBe(isWrong);
        if (program === null) return;
        programs += 1;
        expect(compileJavaScript(program).program).toBe(program);
      }),
      { numRuns: 5000 },
    );
    expect(programs).toBeGreaterThan(100);
  });
});
