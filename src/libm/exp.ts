/**
 * exp as glibc computes it without fused operations (2.28 and later): the algorithm of Arm's optimized-routines
 * (github.com/ARM-software/optimized-routines, math/exp.c, MIT licence), from which the polynomial's coefficients are
 * taken; the table is computed here.
 *
 * x = k·ln2/128 + r with |r| ≤ ln2/256, and exp(x) = 2^(k/128)·exp(r). The order of the operations below is part of the
 * result: every bit equals glibc's.
 */
import { divide, fromDouble, multiply, ONE, rootOfTwo, toDouble } from './exact.ts';

/** 128/ln2, and -ln2/128 in two parts of which the first times k is exact. */
const INVERSE_LN2_128 = 184.6649652337873; // 0x1.71547652b82fep7
const NEGATIVE_LN2_128_HIGH = -0.005415212348111709; // -0x1.62e42fefa0000p-8
const NEGATIVE_LN2_128_LOW = -1.2864023111638344e-14; // -0x1.cf79abc9e3b39p-47
/** Adding it to a number below 2^51 rounds that number to an integer. */
const SHIFT = 6755399441055744; // 0x1.8p52
const C2 = 0.49999999999996786; // 0x1.ffffffffffdbdp-2
const C3 = 0.16666666666665886; // 0x1.555555555543cp-3
const C4 = 0.0416666808410674; // 0x1.55555cf172b91p-5
const C5 = 0.008333335853059549; // 0x1.1111167a4d017p-7

/** 2^(i/128) as a double, and what that double lacks of it, relative to it. */
const HEAD = new Float64Array(128);
const TAIL = new Float64Array(128);
/** 2^(e - 1022) at index e, for the exponents of normal numbers. */
const POWER_OF_TWO = Float64Array.from({ length: 2046 }, (_, e) => 2 ** (e - 1022));

function fillTables(): void {
  const root = rootOfTwo(7);
  let power = ONE;
  for (let i = 0; i < 128; i++) {
    const head = toDouble(power);
    HEAD[i] = head;
    TAIL[i] = toDouble(divide(power, fromDouble(head)) - ONE);
    power = multiply(power, root);
  }
}
fillTables();

/** e to the power x; every bit as glibc has it without fused multiply-add. */
export function exp(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 512)) return expOfLarge(x);
  if (magnitude < 5.551115123125783e-17) return 1 + x; // 2^-54
  const k = INVERSE_LN2_128 * x + SHIFT - SHIFT;
  const r = x + k * NEGATIVE_LN2_128_HIGH + k * NEGATIVE_LN2_128_LOW;
  const index = k & 127;
  const square = r * r;
  const rest = (TAIL[index] as number) + r + square * (C2 + r * C3) + square * square * (C4 + r * C5);
  const scale = (HEAD[index] as number) * (POWER_OF_TWO[(k >> 7) + 1022] as number);
  return scale + scale * rest;
}

/** |x| ≥ 512, infinite or NaN. */
function expOfLarge(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) >= 1024) return x > 0 ? Number.POSITIVE_INFINITY : 0;
  return expNearLimits(x, 0);
}

/**
 * e to the power x + tail for `pow`, |tail| ≤ 2^-15·|x|; x finite or infinite, not NaN.
 */
export function expWithTail(x: number, tail: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < 5.551115123125783e-17) return 1 + x; // 2^-54
  if (magnitude >= 1024) return x > 0 ? Number.POSITIVE_INFINITY : 0;
  if (magnitude >= 512) return expNearLimits(x, tail);
  const k = INVERSE_LN2_128 * x + SHIFT - SHIFT;
  const rest = restOf(x, tail, k);
  const scale = (HEAD[k & 127] as number) * (POWER_OF_TWO[(k >> 7) + 1022] as number);
  return scale + scale * rest;
}

/** exp(r)·(1 + table's tail) - 1 for x + tail = k·ln2/128 + r. */
function restOf(x: number, tail: number, k: number): number {
  const r = x + k * NEGATIVE_LN2_128_HIGH + k * NEGATIVE_LN2_128_LOW + tail;
  const square = r * r;
  return (TAIL[k & 127] as number) + r + square * (C2 + r * C3) + square * square * (C4 + r * C5);
}

/** 512 ≤ |x| < 1024: the result may overflow, or be subnormal and then must be rounded once only. */
function expNearLimits(x: number, tail: number): number {
  const k = INVERSE_LN2_128 * x + SHIFT - SHIFT;
  const rest = restOf(x, tail, k);
  const head = HEAD[k & 127] as number;
  const exponent = k >> 7;
  if (k >= 0) {
    const scale = head * 2 ** (exponent - 1009);
    return (scale + scale * rest) * 2 ** 1009;
  }
  const scale = head * 2 ** (exponent + 1022);
  let y = scale + scale * rest;
  if (y < 1) {
    const low = scale - y + scale * rest;
    const high = 1 + y;
    y = high + (1 - high + y + low) - 1;
  }
  return y * 2 ** -1022;
}

/** What `exp` computes with, for back ends that follow it operation by operation. */
export const EXP = {
  head: HEAD,
  tail: TAIL,
  inverse: INVERSE_LN2_128,
  negativeHigh: NEGATIVE_LN2_128_HIGH,
  negativeLow: NEGATIVE_LN2_128_LOW,
  shift: SHIFT,
  polynomial: [C2, C3, C4, C5],
} as const;
