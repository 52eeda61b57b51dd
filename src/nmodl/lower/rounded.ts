/** Functions of literals, correctly rounded as gcc computes them when it compiles. */
import type { Intrinsic } from '../../kernel/program.ts';
import { log, pow } from '../../libm/index.ts';

/** Functions whose results in a double are exact or correctly rounded everywhere. */
const EXACT: Partial<Record<Intrinsic, (...x: number[]) => number>> = {
  sqrt: Math.sqrt,
  fabs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  int: Math.trunc,
  fmod: (a = 0, b = 0) => a % b,
};

/** The value, or null where the compiler leaves the call to the run. */
export function correctlyRounded(name: Intrinsic, x: readonly number[]): number | null {
  const exact = EXACT[name];
  const [a = 0, b = 0] = x;
  const value = exact === undefined ? inexact(name, a, b) : exact(...x);
  return value !== null && Number.isFinite(value) ? value : null;
}

function inexact(name: Intrinsic, a: number, b: number): number | null {
  if (name === 'pow') return pow(a, b);
  if (name === 'log' && a > 0) return log(a);
  return null;
}
