/**
 * The natural logarithm as glibc computes it without fused operations (2.28 and later): the algorithm of Arm's
 * optimized-routines (github.com/ARM-software/optimized-routines, math/log.c, MIT licence), from which the coefficients
 * and the choice of the reciprocals 1/c are taken; logarithms and rounding errors of the table are computed here.
 *
 * x = 2^k·z, and z lies in one of 128 intervals with a c near its middle: log(x) = k·ln2 + log(c) + log1p(z/c - 1).
 */
import { divide, fromDouble, naturalLog, ONE, toDouble } from './exact.ts';

/** ln2 in two parts of which the first times k is exact. */
const LN2_HIGH = 0.6931471805598903; // 0x1.62e42fefa3800p-1
const LN2_LOW = 5.497923018708371e-14; // 0x1.ef35793c76730p-45

/** Polynomial of log1p(r) for |r| < 1/256. */
const A0 = -0.5000000000000001; // -0x1.0000000000001p-1
const A1 = 0.33333333331825593; // 0x1.555555551305bp-2
const A2 = -0.2499999999622955; // -0x1.fffffffeb459p-3
const A3 = 0.20000304511814496; // 0x1.999b324f10111p-3
const A4 = -0.16667054827627667; // -0x1.55575e506c89fp-3

/** Polynomial of log1p(r) for -1/16 ≤ r < 0x1.09p-4. */
const B1 = 0.3333333333333352; // 0x1.5555555555577p-2
const B2 = -0.24999999999998432; // -0x1.ffffffffffdcbp-3
const B3 = 0.19999999999320328; // 0x1.999999995dd0cp-3
const B4 = -0.16666666669929706; // -0x1.55555556745a7p-3
const B5 = 0.14285715076560868; // 0x1.24924a344de3p-3
const B6 = -0.12499997863982555; // -0x1.fffffa4423d65p-4
const B7 = 0.11110712032936046; // 0x1.c7184282ad6cap-4
const B8 = -0.10000486757818193; // -0x1.999eb43b068ffp-4
const B9 = 0.09181994006195467; // 0x1.78182f7afd085p-4
const B10 = -0.08328363062289341; // -0x1.5521375d145cdp-4

/** How many units in the last place 1/c lies above the rounded reciprocal of its interval's middle. */
// biome-ignore format: a table
const RECIPROCAL_OFFSETS = [
  -23142382, -57643754, -234334839, -124664804, 19045012, -123323398, -501163255, 342479926,
  -234593306, 57421184, 513617488, -240891478, 85169741, 28659150, 284053799, 342563057,
  -68420459, -346144712, -90113766, -464022980, 285342708, -489548825, 376054848, 47397812,
  -423637851, -260988534, 336107021, 448241578, 154177355, 447893384, 241227555, -420636714,
  -218426730, -96876684, -205835218, -368178198, -345128710, -510284502, 481763731, 209336112,
  429336310, 15489329, 442353177, -417834330, 73183371, 515232680, 507984536, 83787275,
  330409952, 151596684, 377744204, 198302857, 214798271, -345957716, 356163107, 215510022,
  -229897960, -131709726, 215213618, -464519207, -332821996, 385780520, -400344786, 256208139,
  478356527, 345720337, 128466877, 217515751, -162048343, 295127580, -235892775, -69369347,
  93666841, -272860130, 91915174, 29018059, 258893229, 386009280, -241633007, 68399381,
  386341370, 408940642, 65060217, -120872168, 189498853, -32395328, -49955913, 154042178,
  -346113480, 148348366, -396488327, -427431396, 107119491, -500798201, 212184347, 305888811,
  -330297730, -91422864, 6707636, 273897542, -512931067, -500150233, 485589437, -280752730,
  106848032, 30953893, -291342514, -408884927, 149302919, -107851081, 225432558, 460497078,
  -452391632, -490679353, 508304210, 493208081, 336502878, 526975298, -457361038, -312310462,
  -365194252, -421357131, 362015322, 310793228, -441535439, -69145545, -528727990, 433364383,
];

const INVERSE_C = new Float64Array(128);
const LOG_C = new Float64Array(128);
/** c as the sum of two doubles. */
const C_HIGH = new Float64Array(128);
const C_LOW = new Float64Array(128);

const number = new Float64Array(1);
const word = new Int32Array(number.buffer);
const bits = new BigInt64Array(number.buffer);

/** High words: where the intervals begin (0.6875), and one step between intervals. */
const FIRST = 0x3fe60000;

function fillTables(): void {
  for (let i = 0; i < 128; i++) {
    // The middle of interval i, the nearest double to its reciprocal, and the offset in its last bits.
    word[1] = FIRST + (i << 13) + (1 << 12);
    word[0] = 0;
    number[0] = 1 / (number[0] as number);
    bits[0] = (bits[0] as bigint) + BigInt(RECIPROCAL_OFFSETS[i] as number);
    const inverse = number[0] as number;
    const c = divide(ONE, fromDouble(inverse));
    INVERSE_C[i] = inverse;
    LOG_C[i] = toDouble(naturalLog(c));
    C_HIGH[i] = toDouble(c);
    C_LOW[i] = toDouble(c - fromDouble(C_HIGH[i] as number));
  }
}
fillTables();

/** The natural logarithm of x; every bit as glibc has it without fused multiply-add. */
export function log(x: number): number {
  // 1 - 0x1p-4 ≤ x < 1 + 0x1.09p-4
  if (x >= 0.9375 && x < 1.064697265625) return logNearOne(x);
  let shift = 0;
  if (!(x >= 2.2250738585072014e-308 && x < Number.POSITIVE_INFINITY)) {
    if (x === 0) return Number.NEGATIVE_INFINITY;
    if (!(x > 0)) return Number.NaN;
    if (x === Number.POSITIVE_INFINITY) return x;
    number[0] = x * 4503599627370496; // 2^52: a subnormal becomes normal
    shift = 52;
  } else {
    number[0] = x;
  }
  const high = word[1] as number;
  const above = high - FIRST;
  const index = (above >> 13) & 127;
  const k = (above >> 20) - shift;
  word[1] = high - (above & 0xfff00000);
  const z = number[0] as number;

  const r = (z - (C_HIGH[index] as number) - (C_LOW[index] as number)) * (INVERSE_C[index] as number);
  const whole = k * LN2_HIGH + (LOG_C[index] as number);
  const sum = whole + r;
  const low = whole - sum + r + k * LN2_LOW;
  const square = r * r;
  return low + square * A0 + r * square * (A1 + r * A2 + square * (A3 + r * A4)) + sum;
}

/** Near 1, where k·ln2 + log(c) would cancel. */
function logNearOne(x: number): number {
  if (x === 1) return 0;
  const r = x - 1;
  const square = r * r;
  const cube = r * square;
  const y =
    cube *
    (B1 + r * B2 + square * B3 + cube * (B4 + r * B5 + square * B6 + cube * (B7 + r * B8 + square * B9 + cube * B10)));
  const split = r * 134217728; // 2^27
  const rHigh = r + split - split;
  const rLow = r - rHigh;
  const half = rHigh * rHigh * -0.5;
  const high = r + half;
  let low = r - high + half;
  low += -0.5 * rLow * (rHigh + r);
  return y + low + high;
}

/** What `log` computes with, for back ends that follow it operation by operation. */
export const LOG = {
  inverse: INVERSE_C,
  log: LOG_C,
  high: C_HIGH,
  low: C_LOW,
  first: FIRST,
  ln2High: LN2_HIGH,
  ln2Low: LN2_LOW,
  polynomial: [A0, A1, A2, A3, A4],
  nearOne: [B1, B2, B3, B4, B5, B6, B7, B8, B9, B10],
} as const;
