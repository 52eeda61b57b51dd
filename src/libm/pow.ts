/**
 * x to the power y as glibc computes it without fused operations (2.28 and later): the algorithm of Arm's
 * optimized-routines (github.com/ARM-software/optimized-routines, math/pow.c, MIT licence), from which the polynomial's
 * coefficients are taken; the table is computed here.
 *
 * log(x) is found as a sum of two doubles with about 68 bits, multiplied by y in the same manner, and handed to exp.
 */
import { divide, fromDouble, naturalLog, ONE, toDouble } from './exact.ts';
import { expWithTail } from './exp.ts';

const LN2_HIGH = 0.6931471805598903; // 0x1.62e42fefa3800p-1
const LN2_LOW = 5.497923018708371e-14; // 0x1.ef35793c76730p-45

/** Polynomial of log1p, scaled as the evaluation below scales r. */
const A0 = -0.5;
const A1 = 0.3333333333333339 * -2; // 0x1.555555555556p-2
const A2 = -0.25000000000000033 * -2; // -0x1.0000000000006p-2
const A3 = 0.1999999998830994 * 4; // 0x1.999999959554ep-3
const A4 = -0.16666666658719348 * 4; // -0x1.555555529a47ap-3
const A5 = 0.14286370355743763 * -8; // 0x1.2495b9b4845e9p-3
const A6 = -0.12500519079594427 * -8; // -0x1.0002b8b263fc3p-3

/** 1/c with few bits, and log(c) as a multiple of 2^-43 and the rest. */
const INVERSE_C = new Float64Array(128);
const LOG_C = new Float64Array(128);
const LOG_C_TAIL = new Float64Array(128);

const number = new Float64Array(1);
const word = new Int32Array(number.buffer);

/** Bits of the double where the intervals begin, 0x1.69555p-1. */
const FIRST_HIGH = 0x3fe69555;
const FIRST_LOW = 0;

function fillTables(): void {
  for (let i = 0; i < 128; i++) {
    word[1] = FIRST_HIGH + (i << 13) + (1 << 12);
    word[0] = FIRST_LOW;
    const middle = number[0] as number;
    const inverse = middle < 1 ? Math.round(128 / middle) / 128 : Math.round(256 / middle) / 256;
    const exact = naturalLog(divide(ONE, fromDouble(inverse)));
    const head = Math.round(toDouble(exact) * 2 ** 43) / 2 ** 43;
    INVERSE_C[i] = inverse;
    LOG_C[i] = head;
    LOG_C_TAIL[i] = toDouble(exact - fromDouble(head));
  }
}
fillTables();

/** x to the power y; every bit as glibc has it without fused multiply-add (which is C's pow: 1 to any power is 1). */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (!Number.isFinite(y)) return powOfInfinity(Math.abs(x), y);
  if (x === 0 || !Number.isFinite(x)) return powOfLimit(x, y);
  if (x < 0) {
    if (!Number.isInteger(y)) return Number.NaN;
    const size = powOfPositive(-x, y);
    return y % 2 === 0 ? size : -size;
  }
  return powOfPositive(x, y);
}

function powOfInfinity(size: number, y: number): number {
  if (size === 1) return 1;
  return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
}

/** x is a zero or infinite. */
function powOfLimit(x: number, y: number): number {
  const negative = (x < 0 || Object.is(x, -0)) && Number.isInteger(y) && y % 2 !== 0;
  const size = (x === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  return negative ? -size : size;
}

/** x positive and finite, y finite and not 0. */
function powOfPositive(x: number, y: number): number {
  const size = Math.abs(y);
  if (x === 1) return 1;
  if (size < 2.710505431213761e-20) return x > 1 ? 1 + y : 1 - y; // 2^-65
  if (size >= 2 ** 63) return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;

  let shift = 0;
  number[0] = x;
  if (x < 2.2250738585072014e-308) {
    number[0] = x * 4503599627370496; // 2^52: a subnormal becomes normal
    shift = 52;
  }
  const high = word[1] as number;
  const above = high - FIRST_HIGH;
  const index = (above >> 13) & 127;
  const k = (above >> 20) - shift;
  word[1] = high - (above & 0xfff00000);
  const z = number[0] as number;
  // z rounded to its high word, so that products with it are exact.
  const carry = (word[0] as number) < 0 ? 1 : 0;
  word[1] = (word[1] as number) + carry;
  word[0] = 0;
  const zHigh = number[0] as number;

  const inverse = INVERSE_C[index] as number;
  const rHigh = zHigh * inverse - 1;
  const rLow = (z - zHigh) * inverse;
  const r = rHigh + rLow;

  const t1 = k * LN2_HIGH + (LOG_C[index] as number);
  const t2 = t1 + r;
  const low1 = k * LN2_LOW + (LOG_C_TAIL[index] as number);
  const low2 = t1 - t2 + r;
  const ar = A0 * r;
  const ar2 = r * ar;
  const ar3 = r * ar2;
  const arHigh = A0 * rHigh;
  const arHigh2 = rHigh * arHigh;
  const sum = t2 + arHigh2;
  const low3 = rLow * (ar + arHigh);
  const low4 = t2 - sum + arHigh2;
  const p = ar3 * (A1 + r * A2 + ar2 * (A3 + r * A4 + ar2 * (A5 + r * A6)));
  const low = low1 + low2 + low3 + low4 + p;
  const logHigh = sum + low;
  const logLow = sum - logHigh + low;

  const yHigh = withoutLowBits(y);
  const head = withoutLowBits(logHigh);
  const rest = logHigh - head + logLow;
  return expWithTail(yHigh * head, (y - yHigh) * head + y * rest);
}

/** x with its 27 lowest bits cleared. */
function withoutLowBits(x: number): number {
  number[0] = x;
  word[0] = (word[0] as number) & 0xf8000000;
  return number[0] as number;
}

/** What `pow` computes with, for back ends that follow it operation by operation. */
export const POW = {
  inverse: INVERSE_C,
  log: LOG_C,
  tail: LOG_C_TAIL,
  first: FIRST_HIGH,
  ln2High: LN2_HIGH,
  ln2Low: LN2_LOW,
  polynomial: [A0, A1, A2, A3, A4, A5, A6],
} as const;
