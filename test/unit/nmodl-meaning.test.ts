/** What compiled files compute: against arithmetic by hand, and against what NEURON’s compiler writes for the same text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOCK, compileJavaScript, type LinkedKernel } from '../../src/kernel/index.ts';
import { exp } from '../../src/libm/index.ts';
import { compile } from '../../src/nmodl/compile.ts';
import { linkageOf, ProgramFailed } from '../fixtures/kernel-program.ts';

function compiled(text: string, count = 1): LinkedKernel {
  const { program, diagnostics } = compile({ file: 'meaning.mod', text });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const linkage = linkageOf(count);
  linkage.clock[CLOCK.dt] = 0.025;
  linkage.v.fill(-65);
  return compileJavaScript(program).link(linkage);
}

/** What INITIAL leaves in `x`. */
function initial(body: string, more = ''): number {
  const kernel = compiled(`NEURON { SUFFIX m RANGE x }\nASSIGNED { v x y n a[4] }\n${more}\nINITIAL { ${body} }`);
  kernel.initialize();
  return kernel.instance('x')[0] as number;
}

describe('expressions', () => {
  test.each([
    ['x = -2^2', -4],
    ['x = 2^3^2', 512],
    ['x = 7/2', 3.5],
    ['x = 2 - 3 - 4', -5],
    ['x = (1e3)*2', 2000],
    ['x = 1 < 2 && !(2 < 1)', 1],
    ['x = exp(-701)', 0],
    ['n = 5 x = n/2', 2.5],
  ])('%s gives %d', (body, value) => {
    expect(initial(body)).toBe(value);
  });

  test('exp stops at exp(700)', () => {
    expect(initial('x = exp(800)')).toBe(exp(700));
  });

  test('indices are whole numbers, and divided as such', () => {
    expect(initial('FROM j = 0 TO 3 { a[j] = 10*j } n = 3.9 x = a[n] + a[3/2]')).toBe(40);
  });

  test('FROM counts up to its limit, by its step', () => {
    expect(initial('x = 0 FROM j = 1 TO 10 BY 3 { x = x + j }')).toBe(1 + 4 + 7 + 10);
  });

  test('arguments are copies, also one called v', () => {
    expect(initial('x = f(v) + v', 'FUNCTION f(v) { v = v + 5 f = v }')).toBe(-60 - 65);
  });
});

describe('declarations', () => {
  /** As NEURON 9.0.2’s nocmodl writes them into the C++ it makes. */
  const WRITTEN: readonly (readonly [line: string, value: number])[] = [
    ['(faraday) (coulomb)', 96485.33212331001],
    ['(faraday) (kilocoulombs)', 96.48533212331002],
    ['(faraday) (10000 coulomb)', 9.648533212331001],
    ['(k-mole) (joule/degC)', 8.31446261815324],
    ['(pi) (1)', Math.PI],
    ['(mA/cm2) (nA/um2)', 0.009999999999999998],
    ['(mV) (volt)', 0.001],
    ['(boltzmann) (joule/degC)', 1.380649e-23],
  ];
  const UNITS =
    '(mV) = (millivolt) (mA) = (milliamp) (nA) = (nanoamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar)';
  test.each(WRITTEN)('UNITS { K = %s } is NEURON’s number', (line, value) => {
    expect(initial('x = K', `UNITS { ${UNITS} K = ${line} }`)).toBe(value);
  });

  test('values of parameters have six digits, those of constants all', () => {
    expect(initial('x = p', 'PARAMETER { p = 96485.309 }')).toBe(96485.3);
    expect(initial('x = p', 'CONSTANT { p = 96485.309 }')).toBe(96485.309);
  });

  test('a state starts at x0, which a parameter may be', () => {
    const start = (more: string) => {
      const kernel = compiled(`NEURON { SUFFIX m }\nASSIGNED { v }\nSTATE { s START 0.25 }\n${more}`);
      kernel.initialize();
      return kernel.instance('s')[0];
    };
    expect(start('')).toBe(0.25);
    expect(start('PARAMETER { s0 = 0.5 }')).toBe(0.5);
  });

  test('a LOCAL of the file is one for all instances', () => {
    const kernel = compiled('NEURON { SUFFIX m RANGE x }\nLOCAL n\nASSIGNED { v x }\nINITIAL { n = n + 1 x = n }', 3);
    kernel.initialize();
    expect([...kernel.instance('x')]).toEqual([1, 2, 3]);
  });

  test('RANGE belongs to an instance, the rest of PARAMETER to all', () => {
    const { program } = compile({
      file: 'm.mod',
      text: 'NEURON { SUFFIX m RANGE a GLOBAL c USEION ca READ eca }\nPARAMETER { a = 1 b = 2 eca = 130 }\nASSIGNED { c d }\nSTATE { s }',
    });
    const names = (fields: readonly { name: string; visible: boolean }[] = []) =>
      fields.filter(({ visible }) => visible).map(({ name }) => name);
    expect(names(program?.instance)).toEqual(['a', 's']);
    expect(names(program?.global)).toEqual(['b', 'c']);
    expect(program?.instance.find(({ name }) => name === 'eca')?.initial).toBe(0);
  });
});

describe('TABLE', () => {
  const TEXT = `NEURON { SUFFIX m RANGE x GLOBAL k }
PARAMETER { k = 3 }
ASSIGNED { v x }
INITIAL { rate(v) }
PROCEDURE rate(u) { TABLE x DEPEND k FROM -100 TO 0 WITH 7 x = k*u*u }`;

  test('interpolates between abscissae that accumulate, and clamps at its ends', () => {
    fc.assert(
      fc.property(fc.double({ min: -120, max: 20, noNaN: true }), (v) => {
        const { program } = compile({ file: 'm.mod', text: TEXT });
        if (program === null) throw new Error('not compiled');
        const linkage = linkageOf(1);
        linkage.v.fill(v);
        const kernel = compileJavaScript(program).link(linkage);
        kernel.tables();
        kernel.initialize();
        const dx = (0 - -100) / 7;
        const values: number[] = [];
        for (let i = 0, x = -100; i <= 7; i++, x += dx) values.push(3 * x * x);
        const at = (1 / dx) * (v - -100);
        const i = Math.trunc(at);
        const [low = 0, high = 0] = [values[i], values[i + 1]];
        const expected = at <= 0 ? values[0] : at >= 7 ? values[7] : low + (at - i) * (high - low);
        expect(kernel.instance('x')[0]).toBe(expected);
      }),
    );
  });

  test('is made again when a DEPEND variable changes, and not used where usetable is 0', () => {
    const kernel = compiled(TEXT);
    const x = () => {
      kernel.tables();
      kernel.initialize();
      return kernel.instance('x')[0] as number;
    };
    const first = x();
    kernel.global('k')[0] = 6;
    expect(x()).toBeCloseTo(2 * first, 9);
    kernel.global('usetable')[0] = 0;
    expect(x()).toBe(6 * 65 * 65);
    expect(first).not.toBe(3 * 65 * 65);
  });
});

describe('VERBATIM', () => {
  const c = (text: string, more = '') => initial(`VERBATIM\n${text}\nENDVERBATIM`, more);
  test.each([
    ['x = 7/2;', 3],
    ['x = 7/2.;', 3.5],
    ['int k = 3.9; x = k;', 3],
    ['int k = -3.9; x = k % 2;', -1],
    ['double s = 0; for (int k = 0; k < 5; k++) s += k*k; x = s;', 30],
    ['int k = 5, s = 0; while (k--) s += k; x = s;', 10],
    ['int k = 0; do { k += 2; } while (k < 5); x = k;', 6],
    ['x = v > -70 ? 1.5 : f(1);', 1.5],
    ['switch ((int) v) { case 1: x = 1; break; case -65: x = 2; break; default: x = 3; }', 2],
    ['double w[3] = {1, 10, 100}; x = w[1] + w[2];', 110],
    ['/* x = 1; */ x = 2; // x = 3;', 2],
    ['#ifdef CORENEURON_BUILD\nx = 1;\n#else\nx = 2;\n#endif', 2],
    ['#define TWICE 2*\nx = TWICE 4;', 8],
    ['x = M_PI;', Math.PI],
    ['while (1) { x += 1; if (x > 4) break; x += 2; }', 7],
    ['int k; for (k = 0; k < 10; k++) { if (k == 4) { break; } x += k; } x = 10*x + k;', 64],
    ['int k = 0; do { for (int j = 0; j < 9; j++) { if (j > k) break; x += 1; } k++; } while (k < 3);', 6],
    ['double y; while (1) { if (v < 0) break; y = 1; } x = 1;', 1],
    ['printf("%g", v); x = 1;', 1],
    ['if ((x = 3) > 2) x += 1;', 4],
    ['double y; if (v < 0) y = 2; x = y;', 2],
    ['double y; if (v < 0) { y = 2; } else y = 3; x = y++;', 2],
  ])('%s leaves %d', (text, value) => {
    expect(c(text, 'FUNCTION f(y) { f = y }')).toBe(value);
  });

  test('calls functions of the file, and returns', () => {
    const more = 'FUNCTION f(y) { VERBATIM\nif (_ly > 1) { return 10*_ly; }\n_lf = 1;\nENDVERBATIM }';
    expect(c('x = f(_threadargscomma_ 3.) + f(_threadargscomma_ 0.5);', more)).toBe(31);
  });

  test('ends the run where a FUNCTION comes to its end past a return', () => {
    const more = 'FUNCTION f(y) { VERBATIM\nif (_ly > 2) return 5;\nENDVERBATIM }';
    expect(c('x = f(_threadargscomma_ 3.);', more)).toBe(5);
    expect(() => c('x = f(_threadargscomma_ 1.);', more)).toThrow(ProgramFailed);
  });

  test.each([
    'double y; if (v > 0) y = 2; x = y;',
    'int k; switch ((int) v) { case 1: k = 1; break; case 2: k = 2; break; } x = k;',
    'int k; while (x > 0) { k = 1; x -= 1; } x = k;',
    'double y; x = y;',
  ])('ends the run where C reads what nothing assigned: %s', (text) => {
    expect(() => c(text)).toThrow(ProgramFailed);
  });

  test('ends the run at C that is not understood only where it comes there', () => {
    const text = 'if (n > 0) { x = somewhere_else(1); } else x = 2;';
    expect(c(text)).toBe(2);
    expect(() => c(`n = 1; ${text}`)).toThrow(ProgramFailed);
  });

  test('calls the compartment’s potential v, also where a parameter has this name', () => {
    expect(c('x = f(_threadargscomma_ 10.);', 'FUNCTION f(v) { VERBATIM\n_lf = v + _lv;\nENDVERBATIM }')).toBe(-55);
  });

  test('takes the way without a generator, where none is set, also across two VERBATIMs', () => {
    const text = `NEURON { POINT_PROCESS m RANGE x BBCOREPOINTER rng }
ASSIGNED { x rng }
INITIAL { x = pick() }
FUNCTION pick() {
VERBATIM
  if (_p_rng) { _lpick = nrn_random_pick(RANDCAST _p_rng); } else {
ENDVERBATIM
  pick = 0.5
VERBATIM
  }
ENDVERBATIM
}`;
    const kernel = compiled(text);
    kernel.initialize();
    expect(kernel.instance('x')[0]).toBe(0.5);
  });

  test.each([
    'static int calls = 0; calls += 1; x = calls;',
    'double* p = &x; *p = 1;',
    'while (1) { if (x > 0) { continue; } x = 1; }',
    'for (int k = 0; k < 3; k++) { switch (k) { case 1: if (x == 0) break; x = 2; } }',
    'x = somewhere_else(1);',
    'x = rand();',
    'unsigned int k = 1; x = k;',
    '#if 0\nx = 1;\n#elif 1\nx = 2;\n#endif',
    '#if 0\nENDVERBATIM\nx = 1\nVERBATIM\n#endif',
    '#ifdef CORENEURON_BUILD\nENDVERBATIM\nx = 1\nVERBATIM\n#else\nENDVERBATIM\nx = 2\nVERBATIM\n#endif',
  ])('is refused rather than guessed: %s', (text) => {
    expect(() => c(text)).toThrow('that is not run');
  });

  test('hoc_execerror ends the run', () => {
    expect(() => c('if (v < 0) hoc_execerror("too low", 0);')).toThrow(ProgramFailed);
  });
});

describe('the generator that mechanisms share', () => {
  test('is NEURON’s: 2147437301·s + 453816981 modulo 2³², from 1', () => {
    const states = [1n];
    for (let i = 0; i < 3; i++) states.push(((states.at(-1) ?? 0n) * 2147437301n + 453816981n) % 2n ** 32n);
    const [, first = 0n, second = 0n] = states;
    const kernel = compiled(
      'NEURON { SUFFIX m RANGE x, y }\nASSIGNED { x y }\nINITIAL { x = scop_random() y = exprand(2) }',
    );
    kernel.initialize();
    expect(kernel.instance('x')[0]).toBe(Number(first) / (2 ** 32 - 1));
    expect(kernel.instance('y')[0]).toBeCloseTo(-2 * Math.log(Number(second) / (2 ** 32 - 1)), 12);
  });

  test('starts again with set_seed', () => {
    expect(initial('set_seed(7) y = scop_random() set_seed(7) x = scop_random() - y')).toBe(0);
  });
});

describe('a FUNCTION that assigns no result on some way', () => {
  const more = 'FUNCTION f(k) { n = k if (k == 0) { f = 10 } else if (k == 1) { f = 20 } }';

  test('is warned of, and runs on the other ways', () => {
    expect(initial('x = f(0) + f(1)', more)).toBe(30);
    const { diagnostics } = compile({
      file: 'm.mod',
      text: `NEURON { SUFFIX m RANGE x }\nASSIGNED { x n }\nINITIAL { x = f(1) }\n${more}`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['result-maybe-unassigned']);
  });

  test('ends the run where it is asked for a result that it has not', () => {
    expect(() => initial('x = f(2)', more)).toThrow(ProgramFailed);
  });

  test('a LOCAL that it reads counts only where it was assigned', () => {
    const local = 'LOCAL y IF (n > 0) { y = 3 } x = 2*y';
    expect(initial(`n = 1 ${local}`)).toBe(6);
    expect(() => initial(`n = 0 ${local}`)).toThrow(ProgramFailed);
  });

  test('may come to its end where nobody asks', () => {
    expect(initial('f(2) x = n', more)).toBe(2);
  });
});
