/**
 * Functions of literals as gcc computes them when it compiles: correctly rounded, where a call at run time may be off by a
 * bit. Numbers are BigInts in fixed point, with 240 bits behind the point.
 */
import type { Intrinsic } from '../../kernel/program.ts';
import { divide, FRACTION, multiply, naturalLog, ONE, toDouble } from '../../libm/exact.ts';

/** Functions whose results in a double are exact or correctly rounded everywhere. */
const EXACT: Partial<Record<Intrinsic, (a: number, b: number) => number>> = {
  sqrt: Math.sqrt,
  fabs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  int: Math.trunc,
  fmod: (a, b) => a % b,
};

const ROUNDED: Partial<Record<Intrinsic, (a: number, b: number) => number | null>> = {
  pow,
  log: (a) => (a > 0 ? roundedLog(logarithm(a)) : null),
  log10: (a) => (a > 0 ? roundedLog(divide(logarithm(a), logarithm(10))) : null),
};

/** The value, or null where the call is left to the run. */
export function correctlyRounded(name: Intrinsic, [a = 0, b = 0]: readonly number[]): number | null {
  const value = (EXACT[name] ?? ROUNDED[name])?.(a, b) ?? null;
  return value !== null && Number.isFinite(value) ? value : null;
}

const TWO = 2;

function pow(a: number, b: number): number | null {
  if (!(a > 0)) {
    // Whole powers of negative numbers differ in sign only; the rest has no value.
    if (!(a < 0 && Number.isInteger(b) && Math.abs(b) < 2 ** 53)) return null;
    const size = pow(-a, b);
    return size === null || b % TWO === 0 ? size : -size;
  }
  if (Math.abs(b) > 2 ** 40) return null;
  return exponential(timesDouble(logarithm(a), b));
}

/** Mantissa (a whole number below 2^53) and exponent of a finite number above 0. */
function parts(x: number): { mantissa: bigint; exponent: number } {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0] ?? 0n;
  const field = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  return field === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: field - 1075 };
}

/** ln(x) in fixed point. */
function logarithm(x: number): bigint {
  const { mantissa, exponent } = parts(x);
  const length = mantissa.toString(2).length;
  // x is c·2^k with c from 0.75 to 1.5, where the series is short.
  const half = (mantissa << FRACTION) >> BigInt(length - 1);
  const large = half > ONE + (ONE >> 1n);
  const c = large ? half >> 1n : half;
  const k = exponent + length - 1 + (large ? 1 : 0);
  return naturalLog(c) + BigInt(k) * LN2;
}

/** ln 2 as 2·ln(4/3) + ln(9/8), each near 1. */
const LN2 = 2n * naturalLog((4n * ONE) / 3n) + naturalLog((9n * ONE) / 8n);

function timesDouble(n: bigint, x: number): bigint {
  if (x === 0) return 0n;
  const { mantissa, exponent } = parts(Math.abs(x));
  const product = n * mantissa;
  const scaled = exponent >= 0 ? product << BigInt(exponent) : product >> BigInt(-exponent);
  return x < 0 ? -scaled : scaled;
}

/** e^y, rounded; null where it leaves the range of normal doubles. */
function exponential(y: bigint): number | null {
  let k = y / LN2;
  let rest = y - k * LN2;
  if (rest < 0n) {
    k -= 1n;
    rest += LN2;
  }
  if (k < -1000n || k > 1000n) return null;
  let term = ONE;
  let sum = ONE;
  for (let i = 1n; term > 0n; i++) {
    term = multiply(term, rest) / i;
    sum += term;
  }
  return toDouble(sum) * 2 ** Number(k);
}

/** A fixed-point number as the nearest double; small ones keep all their bits. */
function roundedLog(n: bigint): number {
  return toDouble(n);
}
