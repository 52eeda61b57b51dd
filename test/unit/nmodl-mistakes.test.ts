/** What the front end says of mistakes, and where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { diagnosticsPage } from '../../src/nmodl/diagnostics-page.ts';
import { codeFrame, type DiagnosticCode, parse, positionAt } from '../../src/nmodl/index.ts';

/** What a text is told, by code and place. */
function expectDiagnostics(text: string, expected: readonly (readonly [DiagnosticCode, number, number])[]): void {
  const source = { file: 'test.mod', text };
  const found = parse(source).diagnostics.map(({ code, span }) => {
    const { line, column } = positionAt(source, span.start);
    return [code, line, column];
  });
  expect(found).toEqual(expected);
}

describe('mistakes', () => {
  test('are named by line and column, all of a file at once', () => {
    const text = 'NEURON {\n  SUFFIX\n}\nPARAMETER {\n  a = (mV)\n}\nBREAKPOINT {\n  i = g * \n}\n';
    expectDiagnostics(text, [
      ['unexpected-token', 3, 1],
      ['unexpected-token', 5, 7],
      ['unexpected-token', 9, 1],
    ]);
  });

  test.each([
    ['COMMENT\nno end', 'unclosed-comment', 1, 1],
    ['VERBATIM\n  ENDVERBATIMS', 'unclosed-verbatim', 1, 1],
    ['INCLUDE "x\n', 'unclosed-string', 1, 9],
    ['ASSIGNED { v (mV\n}', 'unclosed-units', 1, 14],
    ['WHATEVER { }', 'unknown-block', 1, 1],
    ['INITIAL { m = 1', 'unexpected-token', 1, 16],
  ] as const)('%j', (text, code, line, column) => {
    expectDiagnostics(text, [[code, line, column]]);
  });

  test('nested without end are refused where they are too deep, and use up no stack', () => {
    for (const open of ['(', '-', '!', '2^', 'f(']) {
      const source = { file: 'x', text: `PROCEDURE p() { x = ${open.repeat(100_000)} }` };
      expect(parse(source).diagnostics.map(({ code }) => code)).toEqual(['nested-too-deep']);
    }
  });

  test('are shown in their line, with a caret', () => {
    const source = { file: 'a.mod', text: 'BREAKPOINT {\n\ti = 3 +\n}\n' };
    const [first] = parse(source).diagnostics;
    if (first === undefined) throw new Error('no diagnostic');
    expect(codeFrame(source, first)).toBe(
      'a.mod:3:1 error unexpected-token: expected an expression, found “}”\n  }\n  ^',
    );
  });

  test('the page of the documentation lists every code', () => {
    expect(readFileSync(join(packageFolder(), 'docs', 'diagnostics.md'), 'utf8')).toBe(diagnosticsPage());
  });
});
