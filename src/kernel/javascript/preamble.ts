/** The head of the generated source: memory under its generated names, and functions with C's or NEURON's meaning. */
import type { KernelProgram } from '../program.ts';
import type { Names } from './names.ts';

const FUNCTIONS = [
  // hoc_Exp: what mod files get for exp.
  'function E(x) { return x < -700 ? 0 : exp(x > 700 ? 700 : x); }',
  // A conversion to int and back, which knows no -0.
  'function T(x) { return Math.trunc(x) + 0; }',
  'function M(x, y) { return x % y; }',
  'function log10(x) { return Math.log10(x); }',
  // NEURON's at_time with a fixed step.
  'function A(x) { const e = x - 1e-11; return e <= clock[0] && e > clock[0] - clock[1]; }',
  'function X(i, x, n) { return x > -1 && x < n ? x | 0 : outside(i, x, n); }',
];

const ION_FIELDS = ['reversal', 'inside', 'outside', 'current', 'slope'] as const;

export function preambleCode(program: KernelProgram, names: Names, numerics: number): string[] {
  const constants = (from: string, codes: readonly string[]): string[] =>
    codes.length > 0 ? [`const [${codes.join(', ')}] = ${from};`] : [];
  return [
    'const { n, nodes, v, rhs, d, area, diameter, clock, V, S, D, G, exp, log, pow, newton, sparse, linear } = L;',
    'const { fail: F, unset: U, outside, unsolved: B } = L;',
    'let W = null, I = 0;',
    ...constants(
      'L.instance',
      program.instance.map(({ name }) => names.instance(name).code),
    ),
    ...constants(
      'L.global',
      program.global.map(({ name }) => names.global(name).code),
    ),
    ...program.ions.map(({ ion }, k) => {
      const codes = ION_FIELDS.map((field) => `${field}: ${names.ion(ion, field)}`);
      return `const { ${codes.join(', ')} } = L.ions[${k}];`;
    }),
    ...constants(
      'L.pointerArrays',
      program.pointers.map((_, k) => `p${k}`),
    ),
    ...constants(
      'L.pointerIndices',
      program.pointers.map((_, k) => `q${k}`),
    ),
    ...constants(
      'L.randoms',
      program.randoms.map((_, k) => `z${k}`),
    ),
    ...constants(
      'L.orders',
      Array.from({ length: numerics }, (_, k) => `o${k}`),
    ),
    ...FUNCTIONS,
  ];
}
