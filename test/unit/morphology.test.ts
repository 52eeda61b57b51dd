/** The import of morphologies: what it refuses, with the line; rounding of its numbers; closed shapes. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { bareCell } from '../../src/model/bare.ts';
import { symmetricEigen } from '../../src/model/morphology/eigen.ts';
import { eightDigits } from '../../src/model/morphology/eight-digits.ts';
import { importMorphology } from '../../src/model/morphology/index.ts';
import { scanNumber } from '../../src/model/morphology/scan-number.ts';
import { nearestSingle } from '../../src/model/morphology/single-precision.ts';
import { ascMorphology, swcMorphology } from '../fixtures/random-morphology.ts';

/** The error of an import as [line, message]. */
function refusal(text: string, fileName: string): [number | undefined, string] {
  try {
    importMorphology(text, fileName);
  } catch (error) {
    if (!isTwincellError(error, 'InvalidModelFile')) throw error;
    expect(error.file).toBe(fileName);
    expect(error.remedy).toBeTruthy();
    return [error.line, error.message];
  }
  throw new Error('it was imported');
}

const SWC = [
  '# a cell',
  '1 1 0 0 0 5 -1',
  '2 3 0 10 0 1 1',
  '3 3 0 20 0 1 2',
  '4 3 5 30 0 0.5 3',
  '5 3 -5 30 0 0.5 3',
  '',
];

/** The good file with one line replaced (from 1). */
function swcWith(line: number, text: string): string {
  return SWC.map((own, index) => (index + 1 === line ? text : own)).join('\n');
}

describe('an .swc file is refused with its line', () => {
  const cases: [what: string, text: string, line: number, message: RegExp][] = [
    ['too few numbers', swcWith(4, '3 3 0 20 0 1'), 4, /seven numbers.*here are 6/],
    ['cut in the middle of a line', SWC.join('\n').slice(0, -23), 5, /seven numbers/],
    ['a word', swcWith(4, '3 3 0 twenty 0 1 2'), 4, /here stands: 3 3 0 twenty/],
    ['numbers that run into each other', swcWith(4, '3 3 0.5-20 0 1 2 4'), 4, /here stands/],
    ['NaN', swcWith(4, '3 3 0 nan 0 1 2'), 4, /not finite/],
    ['infinity', swcWith(4, '3 3 0 20 inf 1 2'), 4, /not finite/],
    ['beyond single precision', swcWith(4, '3 3 0 20 1e39 1 2'), 4, /not finite/],
    ['a radius of zero', swcWith(3, '2 3 0 10 0 0 1'), 3, /radius is 0/],
    ['a soma of radius zero', swcWith(2, '1 1 0 0 0 0 -1'), 2, /radius is 0/],
    ['a negative radius', swcWith(4, '3 3 0 20 0 -1 2'), 4, /negative/],
    ['a missing parent', swcWith(4, '3 3 0 20 0 1 17'), 4, /parent of point 3 is point 17/],
    ['a point that is its own parent', swcWith(4, '3 3 0 20 0 1 3'), 4, /its own parent/],
    ['a cycle', swcWith(3, '2 3 0 10 0 1 4'), 3, /own ancestors/],
    [
      'a parent that comes later',
      swcWith(3, '2 3 0 10 0 1 3').replace('3 3 0 20 0 1 2', '3 3 0 20 0 1 1'),
      3,
      /stands after it/,
    ],
    ['an id twice', swcWith(4, '2 3 0 20 0 1 2'), 4, /second time/],
    ['ids that fall', swcWith(4, '0 3 0 20 0 1 2'), 4, /rising id/],
    ['a fractional id', swcWith(4, '3.5 3 0 20 0 1 2'), 4, /whole number/],
    ['a fractional type', swcWith(4, '3 3.5 0 20 0 1 2'), 4, /whole number/],
  ];
  test.each(cases)('%s', (_, text, line, message) => {
    expect(importMorphology(SWC.join('\n'), 'good.swc').sections).toHaveLength(4);
    const [found, said] = refusal(text, 'cells/bad.swc');
    expect(found).toBe(line);
    expect(said).toMatch(message);
    expect(said).toContain(`cells/bad.swc:${line}: `);
  });

  test('a free end may taper to nothing, and a further tree hangs on the first point, as in NEURON', () => {
    expect(importMorphology(swcWith(5, '4 3 5 30 0 0 3'), 'taper.swc').sections).toHaveLength(4);
    const two = importMorphology(swcWith(5, '4 3 50 30 0 1 -1'), 'two.swc');
    expect(two.sections.filter(({ parent }) => parent < 0)).toHaveLength(1);
  });
});

const ASC = [
  '("CellBody"',
  '  (Color Red)',
  '  ( -5 -5 0 0.1)',
  '  ( 5 -5 0 0.1)',
  '  ( 6 5 0 0.1)',
  '  ( -5 5 0 0.1)',
  ')',
  '( (Dendrite)',
  '  ( 0 5 0 2)',
  '  ( 0 20 0 1)',
  '  (',
  '    ( 5 30 0 1)',
  '    Normal',
  '  |',
  '    ( -5 30 0 1)',
  '  )',
  ')',
  '',
];

function ascWith(line: number, text: string): string {
  return ASC.map((own, index) => (index + 1 === line ? text : own)).join('\n');
}

describe('an .asc file is refused with its line', () => {
  const cases: [what: string, text: string, line: number, message: RegExp][] = [
    ['cut off', ASC.slice(0, 10).join('\n'), 10, /expected "\)", found the end of the file/],
    ['a parenthesis too many', ascWith(17, '))'), 17, /never opened/],
    ['a parenthesis too few', ascWith(16, ''), 17, /end of the file|found "/],
    ['an open string', ascWith(1, '("CellBody'), 1, /string is not closed/],
    ['a word for a number', ascWith(10, '  ( 0 twenty 0 1)'), 10, /expected a number, found twenty/],
    ['NaN', ascWith(10, '  ( 0 nan 0 1)'), 10, /not a finite number/],
    ['a number beyond double precision', ascWith(10, '  ( 0 1e999 0 1)'), 10, /not a finite number/],
    ['an odd character', ascWith(10, '  ( 0 $ 0 1)'), 10, /"\$" has no meaning/],
    ['points after an ending', ascWith(13, '    Normal ( 1 2 3 4)'), 13, /found "\("/],
    ['a diameter of zero where a branch goes on', ascWith(10, '  ( 0 20 0 0)'), 10, /radius is 0/],
    ['a negative diameter', ascWith(10, '  ( 0 20 0 -1)'), 10, /negative/],
    [
      'markers that never end',
      [...ASC.slice(0, 10), '(Cross (Color Red', ''].join('\n'),
      11,
      /opened here and never closed/,
    ],
    ['no object at all', 'hello\n', 1, /expected "\(", found hello/],
  ];
  test.each(cases)('%s', (_, text, line, message) => {
    expect(importMorphology(ASC.join('\n'), 'good.asc').sections).toHaveLength(4);
    const [found, said] = refusal(text, 'bad.asc');
    expect(said).toMatch(message);
    expect(found).toBe(line);
  });

  test('an outline of no extent', () => {
    const flat = ASC.map((line) =>
      line.replace(/^ {2}\( -?\d -?5 0 0.1\)/, '  ( 1 1 0 0.1)').replace('( 6 5', '( 1 1'),
    );
    expect(refusal(flat.join('\n'), 'flat.asc')[0]).toBe(3);
  });
});

test('empty files, other kinds of files, and bytes that are no text are refused', () => {
  expect(refusal('', 'a.asc')[1]).toMatch(/empty/);
  expect(refusal(' \n', 'a.swc')[1]).toMatch(/empty/);
  expect(refusal('x', 'a.hoc')[1]).toMatch(/\.asc or \.swc/);
  expect(refusal('( (Axon)\n\0', 'a.asc')).toEqual([2, expect.stringMatching(/not a text file/)]);
  expect(refusal('# nothing but this\n', 'a.swc')[1]).toMatch(/no points/);
});

test('whatever is done to a file, it is imported or refused by a typed error that names it', () => {
  const harmed = fc
    .tuple(
      fc.oneof(
        ascMorphology.map((text) => ({ text, name: 'a.asc' })),
        swcMorphology.map((text) => ({ text, name: 'a.swc' })),
      ),
      fc.array(
        fc.tuple(fc.nat(), fc.constantFrom('', '(', ')', '"', ';', '|', '@', ' 1 ', ' x ', '\n', '-', '<', '>', '%')),
      ),
      fc.nat(3),
    )
    .map(([{ text, name }, edits, cut]) => {
      let result = text;
      for (const [place, insert] of edits) {
        const at = place % (result.length + 1);
        result = result.slice(0, at) + insert + result.slice(at + cut);
      }
      return { text: result, name };
    });
  let refused = 0;
  fc.assert(
    fc.property(harmed, ({ text, name }) => {
      try {
        expect(importMorphology(text, name).sections.length).toBeGreaterThan(0);
      } catch (error) {
        if (!isTwincellError(error, 'InvalidModelFile')) throw error;
        refused++;
      }
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(refused).toBeGreaterThan(50);
});

test('eight digits are those of C, ties to even', () => {
  const numbers = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    // Exact halves of the ninth digit.
    fc.integer({ min: -1e9, max: 1e9 }).map((whole) => whole / 128),
    fc.integer({ min: 1e7, max: 99999999 }).map((whole) => whole + 0.5),
  );
  const values = fc.sample(numbers, { numRuns: 1000, seed: 3 });
  const text = execFileSync('printf', ['%.8g\n', ...values.map((value) => value.toString())], { encoding: 'utf8' });
  // A shell's printf computes in long double: what it prints is exact for any double.
  const expected = text.trim().split('\n').map(Number);
  expect(values.map(eightDigits)).toEqual(expected);
  expect(values.filter((value) => eightDigits(value) !== Number(value.toPrecision(8))).length).toBeGreaterThan(20);
});

test('single precision is that of the text, not of the double between', () => {
  // Just above the middle of two singles, by less than a double can tell.
  const middle = 1 + 2 ** -24;
  expect(nearestSingle('1.00000005960464477539062500000001', middle)).toBe(1 + 2 ** -23);
  expect(nearestSingle('1.000000059604644775390625', middle)).toBe(1);
  expect(nearestSingle('1.00000005960464477539062499999999', middle)).toBe(1);
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      expect(nearestSingle(`${value}`, value)).toBe(Math.fround(value));
    }),
  );
});

test('numbers in a text end where scanf ends them', () => {
  const cases: [string, number | null, number][] = [
    ['1.5)', 1.5, 3],
    ['-.5,', -0.5, 3],
    ['1e3x', 1000, 3],
    ['1e', 1, 2],
    ['1e+)', 1, 3],
    ['-)', null, 0],
    ['.', null, 0],
    ['+7 ', 7, 2],
    ['0x1F ', 31, 4],
    ['Incomplete', null, 0],
    ['Infinite', null, 0],
    ['infinity', Number.POSITIVE_INFINITY, 8],
    ['inf)', Number.POSITIVE_INFINITY, 3],
    ['Normal', null, 0],
  ];
  for (const [text, value, end] of cases) {
    expect(scanNumber(text, 0), text).toEqual(value === null ? null : { value, end });
  }
});

test('eigenvectors are orthogonal, of length 1, and solve the equation', () => {
  const component = fc.double({ min: -100, max: 100, noNaN: true });
  const points = fc.array(fc.tuple(component, component, component), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(points, (rows) => {
      const product = (i: number, j: number) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0);
      const matrix = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i <= j ? product(i, j) : product(j, i))));
      const eigen = symmetricEigen(matrix);
      if (eigen === null) throw new Error('it did not converge');
      const scale = Math.max(1e-300, ...matrix.flat().map(Math.abs));
      for (const [k, vector] of eigen.vectors.entries()) {
        expect(Math.hypot(...vector)).toBeCloseTo(1, 12);
        for (const [i, row] of matrix.entries()) {
          const image = row.reduce((sum, value, j) => sum + value * (vector[j] ?? 0), 0);
          expect(Math.abs(image - (eigen.values[k] ?? 0) * (vector[i] ?? 0)) / scale).toBeLessThan(1e-12);
        }
      }
      const trace = (matrix[0]?.[0] ?? 0) + (matrix[1]?.[1] ?? 0) + (matrix[2]?.[2] ?? 0);
      expect(eigen.values.reduce((a, b) => a + b, 0) / scale).toBeCloseTo(trace / scale, 12);
    }),
  );
});

test('a cone has the area and resistance of calculus, however it is divided', () => {
  const [length, wide, narrow, Ra] = [100, 8, 2, 150];
  const cone = importMorphology(`1 1 0 0 0 ${wide / 2} -1\n2 1 ${length} 0 0 ${narrow / 2} 1\n`, 'cone.swc');
  const slant = Math.hypot(length, (wide - narrow) / 2);
  const surface = (Math.PI * (wide + narrow) * slant) / 2;
  // ∫ 4·Ra / (π·d²) dx over the whole length, from µm and Ω·cm to MΩ.
  const resistance = (4 * Ra * length) / (Math.PI * wide * narrow) / 100;
  for (const segmentLength of [1000, 30, 7]) {
    const { tree, geometry } = bareCell(cone, segmentLength, Ra);
    const own = Array.from(tree.segment.keys()).filter((row) => (tree.segment[row] ?? -1) >= 0);
    expect(own).toHaveLength(1 + 2 * Math.floor(length / segmentLength));
    expect(own.reduce((sum, row) => sum + (geometry.area[row] ?? 0), 0)).toBeCloseTo(surface, 9);
    expect(geometry.axialResistance.reduce((a, b) => a + b, 0)).toBeCloseTo(resistance, 9);
  }
});
