/** The front end of the NMODL compiler: precedence, every construct, what it says of mistakes, and that nothing breaks it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { diagnosticsPage } from '../../src/nmodl/diagnostics-page.ts';
import {
  codeFrame,
  type DiagnosticCode,
  type Expression,
  type Mechanism,
  parse,
  positionAt,
  printExpression,
  printMechanism,
  tokenize,
} from '../../src/nmodl/index.ts';
import { bare } from '../fixtures/nmodl-tree.ts';

function read(text: string): Mechanism {
  const source = { file: 'test.mod', text };
  const { mechanism, diagnostics } = parse(source);
  expect(diagnostics.map((one) => codeFrame(source, one))).toEqual([]);
  return mechanism;
}

/** The expression assigned in a body. */
function expression(text: string): Expression {
  const [block] = read(`PROCEDURE p() { x = ${text} }`).blocks;
  if (block?.kind !== 'function' || block.body.statements[0]?.kind !== 'assign') throw new Error('no assignment');
  return block.body.statements[0].value;
}

/** The value of an expression of numbers, by the tree's own structure. */
function value(tree: Expression): number {
  switch (tree.kind) {
    case 'number':
      return Number(tree.text);
    case 'group':
      return value(tree.inner);
    case 'unary':
      return tree.operator === '-' ? -value(tree.operand) : Number(value(tree.operand) === 0);
    case 'binary': {
      const [a, b] = [value(tree.left), value(tree.right)];
      const results = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '^': a ** b, '<': +(a < b), '>': +(a > b) };
      const logic = {
        '<=': +(a <= b),
        '>=': +(a >= b),
        '==': +(a === b),
        '!=': +(a !== b),
        '&&': +(a !== 0 && b !== 0),
      };
      return { ...results, ...logic, '||': +(a !== 0 || b !== 0) }[tree.operator];
    }
    default:
      throw new Error(`${tree.kind} has no value here`);
  }
}

describe('expressions', () => {
  // The first three as NEURON 9.0.2 computes them (nmodl.md, 7).
  test.each([
    ['-2^2', -4],
    ['2^3^2', 512],
    ['7/2', 3.5],
    ['2^-1', 0.5],
    ['10 - 3 - 2', 5],
    ['24 / 4 / 2', 3],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['-(2)^2', -4],
    ['1 < 2 && 3 > 4 || 1', 1],
    ['!0 + 1', 2],
    ['1e3 * .5 - 2.', 498],
    ['2 (mV) * 3 (/ms-mM2)', 6],
  ])('%s is %d', (text, expected) => {
    expect(value(expression(text))).toBe(expected);
  });

  test('of numbers are worth what JavaScript says, printed and read again too', () => {
    const operand = fc.integer({ min: 0, max: 9 }).map(String);
    const tree = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        operand,
        fc
          .tuple(tie('e'), fc.constantFrom('+', '-', '*', '/', '<', '<=', '==', '!=', '&&', '||'), tie('e'))
          .map((parts) => `(${parts.join(' ')})`),
        fc
          .tuple(tie('e'), fc.constantFrom('+', '-', '*'), tie('e'), fc.constantFrom('*', '+'), tie('e'))
          .map((parts) => parts.join(' ')),
        tie('e').map((inner) => `-${inner}`),
      ),
    })).e;
    fc.assert(
      fc.property(tree, (text) => {
        // A blank between two minus signs, where JavaScript would see a decrement.
        const script = text.replaceAll('-', '- ');
        const parsed = expression(text);
        expect(value(expression(printExpression(parsed)))).toEqual(value(parsed));
        if (!/&&|\|\|/.test(text)) expect(value(parsed)).toEqual(Number(new Function(`return ${script}`)()));
      }),
    );
  });
});

const EVERYTHING = `TITLE a mechanism with everything in it, "quotes" too
COMMENT
  NEURON { not this }
ENDCOMMENT
INCLUDE "more.inc"
DEFINE N 4
UNITSOFF
NEURON {
  THREADSAFE
  POINT_PROCESS All
  USEION ca READ cai, ica WRITE cao VALENCE 2
  USEION x WRITE ix VALENCE -1
  NONSPECIFIC_CURRENT i
  RANGE a b, c
  GLOBAL g
  POINTER p
  RANDOM r
}
UNITS {
  (mV) = (millivolt)
  F = (faraday) (coulomb)
  (molar) = (1/liter)
  PI = 3.14159 (1)
}
INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }
PARAMETER { a = 1 (mV) <0, 1e9> b = -2.5e-3 : a comment
  c[N] (um) celsius (degC) ? another
}
STATE { m FROM 0 TO 1 q[N] (mM) <1e-4> }
ASSIGNED { v (mV) ica (mA/cm2) }
LOCAL k, kk[N]
VERBATIM
/* } free C { */
ENDVERBATIM
INITIAL { m = 0 FROM j = 0 TO N-1 { q[j] = 1e3 * j } }
BREAKPOINT { SOLVE s METHOD cnexp SOLVE kin STEADYSTATE sparse PROTECT i = i + 1 (mA) }
DERIVATIVE s { m' = (1 - m) / 2 q'[0] = 1 }
KINETIC kin {
  COMPARTMENT j, 2 * j { q }
  LONGITUDINAL_DIFFUSION 0.5 { q }
  ~ 2 m + q[0] <-> q[1] (f(v), b)
  ~ q[2] << (ica * (1e4) / 2)
  ~ m -> (b)
  CONSERVE m + 2 q[0] = 1
}
LINEAR lin { ~ m + 2 * b = 3 }
FUNCTION f(v (mV), n) (/ms) { TABLE a DEPEND celsius, b FROM -100 TO 100 WITH 200 if (v < 0 && n != 1) { f = 1 } else if (v > 3) { f = 2 } else { f = exp(-v / 5 (mV)) } }
FUNCTION_TABLE ft(v (mV)) (1)
PROCEDURE rates() { LOCAL x, y while (x < 3) { x = x + 1 } printf("%g\\n", x) }
NET_RECEIVE (w, y) {
  INITIAL { y = 0 }
  if (flag == 0) { net_send(3, 1) WATCH (v > -20) 2, (v < -60) 3 } else { net_event(t) FOR_NETCONS(w) { w = 1 } }
}
BEFORE STEP { a = 1 }
AFTER SOLVE { a = 2 }
CONSTRUCTOR { a = 3 }
UNITSON
`;

describe('a file', () => {
  const mechanism = read(EVERYTHING);

  test('gives one block a construct, in order', () => {
    const kinds = mechanism.blocks.map((block) => ('keyword' in block ? block.keyword : block.kind));
    expect(kinds).toEqual(
      [
        'title',
        'include',
        'define',
        'marker',
        'neuron',
        'units',
        'INDEPENDENT',
        'PARAMETER',
        'STATE',
        'ASSIGNED',
        'local',
      ].concat(
        [
          'verbatim',
          'INITIAL',
          'BREAKPOINT',
          'DERIVATIVE',
          'KINETIC',
          'LINEAR',
          'FUNCTION',
          'function-table',
          'PROCEDURE',
        ],
        ['net-receive', 'hook', 'hook', 'CONSTRUCTOR', 'marker'],
      ),
    );
  });

  test('says what it uses of ions, and of parameters their value, units and limits', () => {
    const neuron = mechanism.blocks.find((block) => block.kind === 'neuron');
    expect(neuron?.statements.filter(({ kind }) => kind === 'ion').map(bare)).toEqual([
      { kind: 'ion', name: 'ca', read: ['cai', 'ica'], write: ['cao'], valence: '2', represents: null },
      { kind: 'ion', name: 'x', read: [], write: ['ix'], valence: '-1', represents: null },
    ]);
    const parameters = mechanism.blocks.find((block) => block.kind === 'variables' && block.keyword === 'PARAMETER');
    if (parameters?.kind !== 'variables') throw new Error('no PARAMETER');
    expect(
      parameters.variables.map(({ name, value: number, units, length, limits }) => [
        name,
        number,
        units,
        length,
        limits,
      ]),
    ).toEqual([
      ['a', '1', 'mV', null, ['0', '1e9']],
      ['b', '-2.5e-3', null, null, []],
      ['c', null, 'um', 'N', []],
      ['celsius', null, 'degC', null, []],
    ]);
  });

  test('reads reactions: both sides, arrow and rates', () => {
    const kinetic = mechanism.blocks.find((block) => block.kind === 'named' && block.keyword === 'KINETIC');
    if (kinetic?.kind !== 'named') throw new Error('no KINETIC');
    const reactions = kinetic.body.statements.filter(({ kind }) => kind === 'reaction');
    const shape = reactions.map(
      (one) =>
        one.kind === 'reaction' && [one.left.map((r) => r.coefficient), one.arrow, one.right.length, one.rates.length],
    );
    expect(shape).toEqual([
      [['2', null], '<->', 1, 2],
      [[null], '<<', 0, 1],
      [[null], '->', 0, 1],
    ]);
  });

  test('is the same tree when it is printed and read again, and prints the same again', () => {
    const printed = printMechanism(mechanism);
    const again = read(printed);
    expect(bare(again)).toEqual(bare(mechanism));
    expect(printMechanism(again)).toBe(printed);
  });

  test('every node’s place holds its own text', () => {
    const text = EVERYTHING;
    const check = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { start, end, name } = node as { start?: number; end?: number; name?: unknown };
      if (start !== undefined && end !== undefined) {
        expect(end).toBeGreaterThan(start);
        if (typeof name === 'string') expect(text.slice(start, end)).toContain(name);
      }
      Object.values(node).forEach(check);
    };
    check(mechanism.blocks);
  });
});

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
      { numRuns: 40_000 },
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
      { numRuns: 5000 },
    );
  });
});
