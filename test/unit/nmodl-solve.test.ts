/** Solve methods against closed forms of the equations they stand for, and against arithmetic written by hand from NEURON's rules. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLOCK, compileJavaScript, type LinkedKernel } from '../../src/kernel/index.ts';
import { exp } from '../../src/libm/index.ts';
import { compile } from '../../src/nmodl/compile.ts';
import { linkageOf, ProgramFailed } from '../fixtures/kernel-program.ts';

const DT = 0.025;

/** A density mechanism with these states, parameters and blocks; `solve` goes into BREAKPOINT. */
function file(states: string, parameters: Readonly<Record<string, number>>, solve: string, blocks: string): string {
  const lines = Object.entries(parameters).map(([name, value]) => `  ${name} = ${value}`);
  return [
    'NEURON { SUFFIX solved NONSPECIFIC_CURRENT i }',
    `PARAMETER {\n${lines.join('\n')}\n}`,
    'ASSIGNED { v i seen }',
    `STATE { ${states} }`,
    `BREAKPOINT { ${solve} i = 0 }`,
    blocks,
  ].join('\n');
}

interface Run {
  readonly kernel: LinkedKernel;
  readonly codes: readonly string[];
  get(name: string): number;
  element(name: string, k: number): number;
  set(name: string, ...values: number[]): void;
  step(): void;
}

function run(text: string, { secondOrder = 0, dt = DT, v = -65 } = {}): Run {
  const { program, diagnostics } = compile({ file: 'solved.mod', text });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const linkage = linkageOf(1);
  linkage.clock[CLOCK.dt] = dt;
  linkage.clock[CLOCK.secondorder] = secondOrder;
  linkage.v.fill(v);
  const kernel = compileJavaScript(program).link(linkage);
  kernel.initialize();
  return {
    kernel,
    codes: diagnostics.map(({ code }) => code),
    get: (name) => kernel.instance(name)[0] as number,
    element: (name, k) => kernel.instance(name)[k] as number,
    set: (name, ...values) => kernel.instance(name).set(values),
    step: () => kernel.state(),
  };
}

function errorsOf(text: string): string[] {
  const { diagnostics } = compile({ file: 'solved.mod', text });
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

// Values of PARAMETERs keep six digits in NEURON, and so here.
const six = (value: number): number => Number(value.toPrecision(6));
const rate = fc.double({ min: 0.05, max: 20, noNaN: true }).map(six);
const share = fc.double({ min: 0, max: 1, noNaN: true }).map(six);

describe('cnexp', () => {
  const relaxing = (right: string, parameters: Readonly<Record<string, number>>): Run =>
    run(file('m', parameters, 'SOLVE s METHOD cnexp', `DERIVATIVE s { m' = ${right} }`));

  test('follows a linear equation’s exact solution', () => {
    fc.assert(
      fc.property(share, rate, share, (inf, tau, start) => {
        const one = relaxing('(inf - m) / tau', { inf, tau });
        one.set('m', start);
        one.step();
        expect(one.get('m')).toBeCloseTo(inf + (start - inf) * Math.exp(-DT / tau), 13);
      }),
    );
  });

  test('computes to the last bit as NEURON’s generated code does', () => {
    fc.assert(
      fc.property(share, rate, share, (inf, tau, start) => {
        const one = relaxing('(inf - m) / tau', { inf, tau });
        one.set('m', start);
        one.step();
        expect(one.get('m')).toBe(start + (1 - exp(DT * (-1 / tau))) * (-(inf / tau) / (-1 / tau) - start));
        const two = relaxing('inf * (1 - m) - tau * m', { inf, tau });
        two.set('m', start);
        two.step();
        const slope = inf * -1 - tau * 1;
        expect(two.get('m')).toBe(start + (1 - exp(DT * slope)) * (-(inf * 1) / slope - start));
      }),
    );
  });

  test('adds a drive that does not depend on the state', () => {
    const one = relaxing('inf + 2 * v', { inf: 3 });
    one.set('m', 0.5);
    one.step();
    expect(one.get('m')).toBe(0.5 - DT * -(3 + 2 * -65));
  });

  test('gives NEURON’s wrong answer where the state is multiplied by itself, and warns', () => {
    const one = relaxing('(1 - m) * m', {});
    expect(one.codes).toContain('cnexp-not-linear');
    one.set('m', 0.4);
    one.step();
    const slope = -1 * 0.4 + (1 - 0.4) * 1;
    expect(one.get('m')).toBe(0.4 + (1 - exp(DT * slope)) * -0.4);
  });

  test('takes the states one after the other, each with the new values of those before', () => {
    const text = file('a b', {}, 'SOLVE s METHOD cnexp', "DERIVATIVE s { a' = -a  b' = a - b }");
    const one = run(text);
    one.set('a', 1);
    one.set('b', 0);
    one.step();
    const a = Math.exp(-DT);
    expect(one.get('a')).toBeCloseTo(a, 14);
    expect(one.get('b')).toBeCloseTo(a * (1 - Math.exp(-DT)), 14);
  });

  test('runs what stands between the equations, branches included', () => {
    const blocks = "DERIVATIVE s { LOCAL k  k = 4  IF (v > 0) { m' = -k * m } ELSE { seen = 7  m' = -2 * k * m } }";
    for (const [v, k] of [
      [10, 4],
      [-10, 8],
    ] as const) {
      const one = run(file('m', {}, 'SOLVE s METHOD cnexp', blocks), { v });
      one.set('m', 1);
      one.step();
      expect(one.get('m')).toBeCloseTo(Math.exp(-k * DT), 14);
      expect(one.get('seen')).toBe(v > 0 ? 0 : 7);
    }
  });

  test('falls back to an implicit step where the state stands in a denominator or in a function', () => {
    const dt = 0.5;
    const one = run(file('c', {}, 'SOLVE s METHOD cnexp', "DERIVATIVE s { c' = -3 * c / (c + 2) }"), { dt });
    one.set('c', 1);
    one.step();
    // c - 1 = -dt·3c/(c + 2), so c² + (1 + 3dt)·c - 2 = 0
    expect(one.get('c')).toBeCloseTo((-(1 + 3 * dt) + Math.sqrt((1 + 3 * dt) ** 2 + 8)) / 2, 8);
  });

  test('refuses what NEURON’s compiler cannot translate, by name', () => {
    const equation = (right: string, states = 'm'): string[] =>
      errorsOf(file(states, {}, 'SOLVE s METHOD cnexp', `DERIVATIVE s { ${right} }`));
    expect(equation("m' = -m^2")).toEqual(['operator-in-derivative']);
    expect(equation("m' = (v > 3) - m")).toEqual(['operator-in-derivative']);
    expect(equation("m' = exp(v^2) - m")).toEqual([]);
    expect(equation("m'[0] = -m[0]", 'm[2]')).toEqual(['derivative-of-array']);
    expect(equation("m'' = -m")).toEqual(['higher-derivative']);
    expect(equation("v' = -v")).toEqual(['derivative-of-no-state']);
    expect(equation('seen = 1')).toEqual(['no-equations']);
  });
});

describe('euler and derivimplicit', () => {
  const oscillator = "DERIVATIVE s { x' = -a * x + b * y  y' = -b * x - a * y }";

  test('euler steps along the derivatives at the start', () => {
    const one = run(file('x y', { a: 0.3, b: 2 }, 'SOLVE s METHOD euler', oscillator));
    one.set('x', 1);
    one.set('y', 0.5);
    one.step();
    expect(one.get('x')).toBe(1 + DT * (-0.3 * 1 + 2 * 0.5));
    expect(one.get('y')).toBe(0.5 + DT * (-2 * 1 - 0.3 * 0.5));
  });

  test('runge is exact to the fourth order, and gives t back', () => {
    const text = file('x', { a: 3 }, 'SOLVE s METHOD runge', "DERIVATIVE s { x' = -a * x  seen = t }");
    const one = run(text, { dt: 0.25 });
    one.set('x', 1);
    one.step();
    const z = 0.75;
    expect(one.get('x')).toBeCloseTo(1 - z + z ** 2 / 2 - z ** 3 / 6 + z ** 4 / 24, 14);
    expect(one.get('seen')).toBe(0);
    // x' = 3t² is integrated exactly: the stages see t, t + dt/2 and t + dt
    const timed = run(file('x', {}, 'SOLVE s METHOD runge', "DERIVATIVE s { x' = 3 * t * t }"), { dt: 0.5 });
    timed.step();
    expect(timed.get('x')).toBeCloseTo(0.125, 14);
  });

  test('derivimplicit satisfies the implicit equations of coupled states', () => {
    fc.assert(
      fc.property(rate, rate, share, share, (a, b, x0, y0) => {
        const one = run(file('x y', { a, b }, 'SOLVE s METHOD derivimplicit', oscillator));
        one.set('x', x0);
        one.set('y', y0);
        one.step();
        // (1 + a·dt)·x - b·dt·y = x0 and b·dt·x + (1 + a·dt)·y = y0
        const [p, q] = [1 + a * DT, b * DT];
        expect(one.get('x')).toBeCloseTo((p * x0 + q * y0) / (p * p + q * q), 8);
        expect(one.get('y')).toBeCloseTo((p * y0 - q * x0) / (p * p + q * q), 8);
      }),
    );
  });

  test('at secondorder an implicit step becomes the trapezoidal rule', () => {
    const text = file('x', { a: 3 }, 'SOLVE s METHOD derivimplicit', "DERIVATIVE s { x' = -a * x }");
    const one = run(text, { secondOrder: 2, dt: 0.2 });
    one.set('x', 1);
    one.step();
    expect(one.get('x')).toBeCloseTo((1 - 0.3) / (1 + 0.3), 8);
  });

  test('halves dt at secondorder for all that is solved, as NEURON’s state phase does', () => {
    const blocks = "DERIVATIVE s { x' = -x }\nPROCEDURE late() { seen = dt }";
    const one = run(file('x', {}, 'SOLVE s METHOD derivimplicit SOLVE late', blocks), { secondOrder: 2 });
    one.step();
    expect(one.get('seen')).toBe(DT / 2);
  });

  test('ends the run where there is no solution', () => {
    const text = file('x', {}, 'SOLVE s METHOD derivimplicit', "DERIVATIVE s { x' = 1e6 * (1 + x * x) }");
    const one = run(text);
    expect(() => one.step()).toThrow(ProgramFailed);
  });

  test('without METHOD nothing moves, as in NEURON, and a warning says so', () => {
    const one = run(file('x', {}, 'SOLVE s', "DERIVATIVE s { x' = -x  seen = 3 }"));
    one.set('x', 1);
    one.step();
    expect(one.codes).toContain('derivative-without-method');
    expect([one.get('x'), one.get('seen')]).toEqual([1, 3]);
  });
});

describe('sparse', () => {
  const scheme = (states: string, parameters: Readonly<Record<string, number>>, body: string): string =>
    file(states, parameters, 'SOLVE k METHOD sparse', `KINETIC k { ${body} }`);

  test('takes an implicit step of a linear scheme; CONSERVE does not change it', () => {
    fc.assert(
      fc.property(rate, rate, share, (f, b, start) => {
        for (const conserve of ['', 'CONSERVE c + o = 1']) {
          const one = run(scheme('c o', { f, b }, `~ c <-> o (f, b) ${conserve}`));
          one.set('c', 1 - start);
          one.set('o', start);
          one.step();
          const o = (start + f * DT) / (1 + (f + b) * DT);
          expect(one.get('o')).toBeCloseTo(o, 12);
          expect(one.get('c')).toBeCloseTo(1 - o, 12);
        }
      }),
    );
  });

  test('solves reactions of higher order, with coefficients', () => {
    const dt = 0.5;
    const one = run(scheme('a b', {}, '~ 2 a <-> b (3, 0)'), { dt });
    one.set('a', 1);
    one.set('b', 0);
    one.step();
    // a + 2·dt·3·a² = 1
    const a = (-1 + Math.sqrt(1 + 24 * dt)) / (12 * dt);
    expect(one.get('a')).toBeCloseTo(a, 6);
    expect(one.get('a') + 2 * one.get('b')).toBeCloseTo(1, 6);
  });

  test('a chain over an array keeps its sum and spreads towards equal concentrations in equal volumes', () => {
    const body = 'FROM j = 0 TO 3 { ~ c[j] <-> c[j + 1] (d, d) }';
    const one = run(scheme('c[5]', { d: 4 }, body));
    one.set('c', 5, 0, 0, 0, 0);
    const sum = (): number => [0, 1, 2, 3, 4].reduce((total, k) => total + one.element('c', k), 0);
    for (let i = 0; i < 4000; i++) one.step();
    expect(sum()).toBeCloseTo(5, 9);
    for (let k = 0; k < 5; k++) expect(one.element('c', k)).toBeCloseTo(1, 9);
  });

  test('COMPARTMENT scales amounts: what leaves the small volume arrives diluted in the large one', () => {
    const body = 'COMPARTMENT 2 { a } COMPARTMENT 10 { b } ~ a <-> b (3, 3)';
    const one = run(scheme('a b', {}, body));
    one.set('a', 1);
    one.set('b', 0);
    for (let i = 0; i < 4000; i++) {
      one.step();
      expect(2 * one.get('a') + 10 * one.get('b')).toBeCloseTo(2, 10);
    }
    expect(one.get('a')).toBeCloseTo(1 / 6, 9);
  });

  test('COMPARTMENT with an index gives each element its volume', () => {
    const one = run(scheme('c[3]', {}, 'COMPARTMENT i, i + 1 { c } FROM j = 0 TO 2 { ~ c[j] << (6) }'));
    one.step();
    for (let k = 0; k < 3; k++) expect(one.element('c', k)).toBeCloseTo((6 * DT) / (k + 1), 14);
  });

  test('fluxes in, decay out, and the fluxes themselves', () => {
    const one = run(scheme('a', {}, '~ a << (0.5) seen = b_flux ~ a -> (2) seen = seen + 100 * f_flux'));
    one.set('a', 1);
    one.step();
    const a = (1 + 0.5 * DT) / (1 + 2 * DT);
    expect(one.get('a')).toBeCloseTo(a, 12);
    expect(one.get('seen')).toBeCloseTo(0.5 + 100 * 2 * a, 10);
  });

  test('a name that is no state takes part as a number', () => {
    const one = run(scheme('free bound', { ca: 0.25 }, '~ free + ca <-> bound (8, 1)'));
    one.set('free', 1);
    one.set('bound', 0);
    for (let i = 0; i < 4000; i++) one.step();
    expect(one.get('bound')).toBeCloseTo((8 * 0.25) / (8 * 0.25 + 1), 6);
  });

  test('SOLVEFOR leaves the other states alone', () => {
    const text = file('a b', {}, 'SOLVE k METHOD sparse', 'KINETIC k SOLVEFOR b { ~ a <-> b (2, 1) }');
    const one = run(text);
    one.set('a', 1);
    one.set('b', 0);
    one.step();
    expect(one.get('a')).toBe(1);
    expect(one.get('b')).toBeCloseTo((2 * DT) / (1 + DT), 12);
  });

  test('STEADYSTATE finds the limit of a branched scheme at once', () => {
    fc.assert(
      fc.property(rate, rate, rate, rate, (p, q, r, s) => {
        const body = 'KINETIC k { ~ x <-> y (p, q) ~ y <-> z (r, s) CONSERVE x + y + z = 1 }';
        const text = file('x y z', { p, q, r, s }, 'SOLVE k METHOD sparse', body);
        const one = run(`${text}\nINITIAL { x = 1 y = 0 z = 0 SOLVE k STEADYSTATE sparse }`);
        const [y, z] = [p / q, (p / q) * (r / s)];
        expect(one.get('x')).toBeCloseTo(1 / (1 + y + z), 6);
        expect(one.get('z')).toBeCloseTo(z / (1 + y + z), 6);
      }),
    );
  });

  test('a bare sum as rate is pasted as NEURON pastes it, with a warning; in parentheses it is a sum', () => {
    const warned = run(scheme('a b', { p: 1, q: 2 }, '~ a <-> b (p + q, 0)'));
    expect(warned.codes).toContain('rate-without-parentheses');
    warned.set('a', 0.5);
    warned.set('b', 0);
    warned.step();
    // the flux is p + q·a, the Jacobian p + q: one Newton-like step from a = 0.5
    expect(warned.get('b')).toBeCloseTo((1 + 2 * 0.5) / (1 / DT + 3), 12);
    const meant = run(scheme('a b', { p: 1, q: 2 }, '~ a <-> b ((p + q), 0)'));
    expect(meant.codes).not.toContain('rate-without-parentheses');
    meant.set('a', 0.5);
    meant.step();
    expect(meant.get('a')).toBeCloseTo(0.5 / (1 + 3 * DT), 12);
  });

  test('refuses what NEURON cannot do, by name', () => {
    const refused = (states: string, body: string): string[] => errorsOf(scheme(states, {}, body));
    expect(refused('a', 'seen = 1')).toEqual(['no-equations']);
    expect(refused('a b', '~ a <-> b (1, 1) CONSERVE a + seen = 1')).toEqual(['conserve-not-solved']);
    expect(refused('a b', '~ a <-> b (1, 1) ~ b << (1) CONSERVE a + b = 1')).toEqual(['flux-not-solved']);
    expect(refused('a b', '~ a <-> b (1, 1) IF (v > 0) { ~ b -> (1) }')).toEqual(['reaction-in-condition']);
    expect(refused('a b', '~ a <-> b (1, 1) IF (v > 0) { ~ b << (1) }')).toEqual([]);
    expect(refused('c[2]', '~ c[0] <-> c[1] (1, 1) CONSERVE c[0] + c[1] = 1')).toEqual(['conserve-without-equation']);
    expect(errorsOf(file('a b', {}, 'SOLVE k METHOD cnexp', 'KINETIC k { ~ a <-> b (1, 1) }'))).toEqual([
      'method-unknown',
    ]);
    const two = 'KINETIC k { ~ a -> (1) }\nKINETIC l { ~ b -> (1) }';
    expect(errorsOf(file('a b', {}, 'SOLVE k METHOD sparse SOLVE l METHOD sparse', two))).toContain('kinetic-twice');
  });
});

test('DISCRETE blocks are refused, by name', () => {
  expect(errorsOf(file('a', {}, 'SOLVE d', 'DISCRETE d { a = 3 }'))).toEqual(['discrete-refused']);
});

describe('LINEAR and NONLINEAR', () => {
  test('LINEAR solves its equations, whichever side the states are on', () => {
    const body = 'LINEAR e { LOCAL k k = 3 ~ 2*x + y = k ~ -y*k + 4 = x/2 - 1 }';
    const one = run(file('x y', {}, 'SOLVE e', body));
    one.step();
    const [x, y] = [one.get('x'), one.get('y')];
    expect(2 * x + y).toBeCloseTo(3, 12);
    expect(-3 * y + 4).toBeCloseTo(x / 2 - 1, 12);
  });

  test('NONLINEAR finds a root from where the states are', () => {
    const one = run(file('x y', { p: 4 }, 'SOLVE e', 'NONLINEAR e { ~ x * x = p ~ x * y = 1 + x }'));
    for (const sign of [1, -1]) {
      one.set('x', 3 * sign);
      one.set('y', 1);
      one.step();
      expect(one.get('x')).toBeCloseTo(2 * sign, 7);
      expect(one.get('y')).toBeCloseTo((1 + 2 * sign) / (2 * sign), 7);
    }
  });

  test('SOLVEFOR names the unknowns; the others are numbers', () => {
    const one = run(file('x y', {}, 'SOLVE e', 'LINEAR e SOLVEFOR y { ~ y = 2 * x + 1 }'));
    one.set('x', 5);
    one.step();
    expect([one.get('x'), one.get('y')]).toEqual([5, 11]);
  });

  test('what has no form or not as many equations as states is refused', () => {
    const linear = (body: string): string[] => errorsOf(file('x y', {}, 'SOLVE e', `LINEAR e { ${body} }`));
    expect(linear('~ x + y = 1')).toEqual(['equation-count']);
    expect(linear('~ x * y = 1 ~ y = 2')).toEqual(['linear-form']);
    expect(linear('~ 2 * (x + 1) = 1 ~ y = 2')).toEqual(['linear-form']);
    expect(linear('~ 1 / x = 1 ~ y = 2')).toEqual(['linear-form']);
  });
});
