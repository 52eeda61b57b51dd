/** What the compiler says of wrong files: each case marks, with «», the place that a person would point at. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/nmodl/compile.ts';

/** The codes of a text, each with the text it points at. */
function saidOf(marked: string): { said: string[]; expected: string } {
  const start = marked.indexOf('«');
  const text = marked.replace('«', '').replace('»', '');
  const expected = marked.slice(start + 1, marked.indexOf('»'));
  const { diagnostics } = compile({ file: 'wrong.mod', text });
  return { said: diagnostics.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`), expected };
}

/** A density mechanism around some lines. */
function density(body: string, declared = ''): string {
  return `NEURON { SUFFIX wrong NONSPECIFIC_CURRENT i }\nPARAMETER { gbar = 1 }\nASSIGNED { v i ${declared} }\n${body}\n`;
}

describe('a wrong file is told what is wrong, and where', () => {
  const cases: readonly (readonly [code: string, text: string])[] = [
    ['undeclared-name', density('BREAKPOINT { i = «gbarr»*v }')],
    ['duplicate-declaration', density('STATE { «gbar» }')],
    ['unknown-function', density('BREAKPOINT { i = «rate(v)» }')],
    ['wrong-argument-count', density('FUNCTION f(x, y) { f = x + y }\nBREAKPOINT { i = «f(v)» }')],
    ['wrong-argument-count', density('BREAKPOINT { i = «exp(v, 2)» }')],
    ['not-a-function', density('BREAKPOINT { i = «gbar(v)» }')],
    ['not-a-variable', density('FUNCTION f(x) { f = x }\nBREAKPOINT { i = «f» }')],
    ['needs-index', density('BREAKPOINT { i = «a» }', 'a[3]')],
    ['index-out-of-range', density('BREAKPOINT { i = «a[3]» }', 'a[3]')],
    ['assigns-special', density('BREAKPOINT { «celsius» = 6.3 i = 0 }', 'celsius')],
    ['unknown-ion-variable', 'NEURON { SUFFIX wrong «USEION ca READ eka» }'],
    ['unknown-unit', 'NEURON { SUFFIX wrong }\nUNITS { «F = (farthing) (coulomb)» }'],
    ['ion-redeclared', 'NEURON { SUFFIX wrong USEION ca READ cao }\nCONSTANT { «cao = 2» }'],
    ['solve-unknown-block', density('BREAKPOINT { «SOLVE states METHOD cnexp» i = 0 }')],
    ['out-of-place', density('BREAKPOINT { «net_event(t)» i = 0 }')],
    ['out-of-place', density('BREAKPOINT { «~ a <-> b (1, 2)» i = 0 }')],
    [
      'construct-refused',
      density('STATE { a b }\nINITIAL { SOLVE two }\nLINEAR two { ~ a = 1\n «~+» b = 2\n ~ b = 0 }'),
    ],
    ['result-never-assigned', density('FUNCTION f(x) { gbar = x }\nBREAKPOINT { i = «f(v)» }')],
    ['recursive-routine', density('FUNCTION f(x) { f = «f(x - 1)» }\nBREAKPOINT { i = f(v) }')],
    ['verbatim-refused', density('BREAKPOINT { i = 0 «VERBATIM FILE *f = fopen("x", "r");\nENDVERBATIM» }')],
    ['verbatim-refused', density('BREAKPOINT { «VERBATIM short k = 70000;\ni = k;\nENDVERBATIM» }')],
    ['verbatim-refused', density('BREAKPOINT { «VERBATIM int k = 0; a[k++] += 1;\nENDVERBATIM» i = 0 }', 'a[3]')],
    ['verbatim-refused', density('VERBATIM\n«#define gbar» 5\nENDVERBATIM\nBREAKPOINT { i = gbar }')],
    [
      'verbatim-refused',
      'NEURON { SUFFIX wrong RANGE x POINTER p }\nASSIGNED { x p }\nINITIAL { VERBATIM if («_p_p») x = 1;\nENDVERBATIM x = p }',
    ],
    ['duplicate-declaration', 'NEURON { SUFFIX right «SUFFIX wrong» }'],
    ['external-refused', 'NEURON { SUFFIX wrong NONSPECIFIC_CURRENT i EXTERNAL other }\nBREAKPOINT { i = «other» }'],
    ['include-missing', '«INCLUDE "nowhere.inc"»\nNEURON { SUFFIX wrong }'],
    [
      'table-arguments',
      density('PROCEDURE p(x, y) { «TABLE gbar FROM 0 TO 1 WITH 10» gbar = x }\nBREAKPOINT { p(v, v) i = 0 }'),
    ],
    ['hook-refused', density('«AFTER BREAKPOINT { gbar = 1 }»')],
    ['no-mechanism', 'NEURON { «SUFFIX nothing» }'],
  ];
  test.each(cases)('%s: %s', (code, text) => {
    const { said, expected } = saidOf(text);
    expect(said).toContain(`${code} ${expected}`);
  });

  test('and is not compiled', () => {
    for (const [, text] of cases)
      expect(compile({ file: 'wrong.mod', text: text.replace(/[«»]/g, '') }).program).toBeNull();
  });

  test('a name that is nearly right is suggested', () => {
    const { diagnostics } = compile({ file: 'wrong.mod', text: density('BREAKPOINT { i = gbarr }') });
    expect(diagnostics.map(({ message }) => message)).toEqual(['“gbarr” is declared nowhere; did you mean “gbar”?']);
  });

  test('all mistakes come at once, in the order of the text', () => {
    const { said } = saidOf(density('BREAKPOINT { i = one + two(3) }\nINITIAL { three = 1 }«»'));
    expect(said).toEqual(['undeclared-name one', 'unknown-function two(3)', 'undeclared-name three']);
  });

  test('what stands in an included file is told with its line', () => {
    const { diagnostics } = compile(
      { file: 'outer.mod', text: 'INCLUDE "inner.inc"\nNEURON { SUFFIX outer }' },
      { include: (file) => (file === 'inner.inc' ? { file, text: '\n\nPARAMETER { a = }' } : null) },
    );
    expect(diagnostics[0]).toMatchObject({ code: 'inside-include', message: expect.stringMatching(/^inner\.inc:3: /) });
  });

  test('a file that includes itself is refused', () => {
    const source = { file: 'own.inc', text: 'INCLUDE "own.inc"' };
    expect(compile(source, { include: () => source }).diagnostics[0]?.code).toBe('include-cycle');
  });
});

describe('what a run never reaches', () => {
  const never = 'PROCEDURE set_from_hoc() { VERBATIM x = hoc_call(*getarg(1));\nENDVERBATIM }';

  test('may be C', () => {
    expect(compile({ file: 'a.mod', text: density(`${never}\nBREAKPOINT { i = gbar }`) }).diagnostics).toEqual([]);
  });

  test('is refused once a phase calls it', () => {
    const text = density(`${never}\nBREAKPOINT { set_from_hoc() i = gbar }`);
    expect(compile({ file: 'a.mod', text }).diagnostics.map(({ code }) => code)).toEqual(['verbatim-refused']);
  });

  test('must still be NMODL', () => {
    const text = density('PROCEDURE never() { gbar = nowhere }\nBREAKPOINT { i = gbar }');
    expect(compile({ file: 'a.mod', text }).diagnostics.map(({ code }) => code)).toEqual(['undeclared-name']);
  });
});

describe('a LOCAL that only some ways assign', () => {
  const codes = (body: string) =>
    compile({ file: 'a.mod', text: density(`BREAKPOINT { LOCAL y, k ${body} }`) }).diagnostics.map(({ code }) => code);

  test.each([
    'IF (v > 0) { y = 1 } i = y',
    'IF (v > 0) { i = 1 } ELSE { y = 1 } i = y',
    'IF (v > 0) { y = 1 } ELSE { i = y }',
    'WHILE (v > gbar) { y = 1 v = v - 1 } i = y',
    'IF (v > 0) { IF (v > 1) { y = 1 } } ELSE { y = 2 } i = y',
  ])('is told of: %s', (body) => {
    expect(codes(body)).toEqual(['local-maybe-unassigned']);
  });

  test.each([
    'IF (v > 0) { y = 1 } ELSE { y = 2 } i = y',
    'y = 0 IF (v > 0) { y = 1 } i = y',
    'IF (v > 0) { y = 1 } y = 2 i = y',
    'IF (v > 0) { y = 1 i = y } ELSE { i = 0 }',
    'FROM n = 0 TO 2 { y = n } i = y',
  ])('all ways: %s', (body) => {
    expect(codes(body)).toEqual([]);
  });
});

describe('sums without end', () => {
  test.each(['BREAKPOINT { i = 0%s }', 'BREAKPOINT { VERBATIM i = 0%s;\nENDVERBATIM }'])('are refused: %s', (text) => {
    const long = density(text.replace('%s', '+1'.repeat(50_000)));
    expect(compile({ file: 'long.mod', text: long }).program).toBeNull();
  });
});
