/** The natural logarithm of two numbers at once, following src/libm/log.ts operation by operation. */
import { LOG } from '../../../libm/index.ts';
import type { TableAddresses } from './tables.ts';
import type { Part, VectorWriter } from './vector.ts';

const [A0, A1, A2, A3, A4] = LOG.polynomial;
const [B1, B2, B3, B4, B5, B6, B7, B8, B9, B10] = LOG.nearOne;

/** Exponent bits of 1, and of 2^52. */
const ONE = 0x3ffn;
const TWO_TO_52 = 0x433n;
const SIGN_AND_EXPONENT = 0xfff0000000000000n;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

export interface Split {
  /** The power of 2, as a double. */
  readonly k: Part;
  readonly z: Part;
  /** Bytes from the table's start to the row of z's interval; a row has 32. */
  readonly offsets: Part;
}

/** x = 2^k·z with z in the intervals that begin at the double whose high word is `first`; x positive and finite. */
export function split(w: VectorWriter, x: Part, first: number): Split {
  const subnormal = w.keep(w.apply('f64x2.lt', x, w.constant(SMALLEST_NORMAL)));
  const bits = w.keep(w.select(subnormal, w.mul(x, w.constant(2 ** 52)), x));
  const above = w.keep(w.apply('i64x2.sub', bits, w.bits(BigInt(first) << 32n)));
  const z = w.keep(w.apply('i64x2.sub', bits, w.apply('v128.and', above, w.bits(SIGN_AND_EXPONENT))));
  // k + 1023 is positive: its bits below those of 2^52 are a double that is 2^52 too large.
  const biased = w.shift('i64x2.shr_u', w.apply('i64x2.add', above, w.bits(ONE << 52n)), 52);
  const whole = w.apply('v128.or', biased, w.bits(TWO_TO_52 << 52n));
  const shift = w.apply('v128.and', subnormal, w.constant(52));
  const k = w.keep(w.sub(w.sub(whole, w.constant(2 ** 52 + 1023)), shift));
  const offsets = w.keep(w.apply('v128.and', w.shift('i64x2.shr_u', above, 40), w.bits(127n << 5n)));
  return { k, z, offsets };
}

/** The natural logarithm, whole range: -Infinity of zeros, NaN below. */
export function log(w: VectorWriter, tables: TableAddresses, argument: Part): Part {
  const x = w.keep(argument);
  const near = w.keep(
    w.apply('v128.and', w.apply('f64x2.ge', x, w.constant(0.9375)), w.apply('f64x2.lt', x, w.constant(1.064697265625))),
  );
  const finite = w.keep(w.select(near, nearOne(w, x), byTable(w, tables, x)));
  const infinite = w.apply('f64x2.eq', x, w.constant(Number.POSITIVE_INFINITY));
  const positive = w.keep(w.select(infinite, x, finite));
  const zero = w.apply('f64x2.eq', x, w.constant(0));
  const other = w.select(zero, w.constant(Number.NEGATIVE_INFINITY), w.constant(Number.NaN));
  return w.keep(w.select(w.apply('f64x2.gt', x, w.constant(0)), positive, other));
}

function byTable(w: VectorWriter, tables: TableAddresses, x: Part): Part {
  const { k, z, offsets } = split(w, x, LOG.first);
  const [first, second] = w.rows(tables.log, 2, offsets);
  const [inverse, logC] = first as readonly [Part, Part];
  const [high, low] = second as readonly [Part, Part];
  const r = w.keep(w.mul(w.sub(w.sub(z, high), low), inverse));
  const whole = w.keep(w.fma(k, w.constant(LOG.ln2High), logC));
  const sum = w.keep(w.add(whole, r));
  const rest = w.fma(k, w.constant(LOG.ln2Low), w.add(w.sub(whole, sum), r));
  const square = w.keep(w.mul(r, r));
  const inner = w.fma(square, w.fma(r, w.constant(A4), w.constant(A3)), w.fma(r, w.constant(A2), w.constant(A1)));
  return w.keep(w.add(w.fma(w.mul(r, square), inner, w.fma(square, w.constant(A0), rest)), sum));
}

function nearOne(w: VectorWriter, x: Part): Part {
  const r = w.keep(w.sub(x, w.constant(1)));
  const square = w.keep(w.mul(r, r));
  const cube = w.keep(w.mul(r, square));
  /** a + r·b + square·c */
  const three = (a: number, b: number, c: number): Part =>
    w.fma(square, w.constant(c), w.fma(r, w.constant(b), w.constant(a)));
  const innermost = w.fma(cube, w.constant(B10), three(B7, B8, B9));
  const inner = w.fma(cube, innermost, three(B4, B5, B6));
  const y = w.keep(w.mul(cube, w.fma(cube, inner, three(B1, B2, B3))));
  const upper = w.keep(w.mul(r, w.constant(2 ** 27)));
  const rHigh = w.keep(w.sub(w.add(r, upper), upper));
  const rLow = w.sub(r, rHigh);
  const half = w.keep(w.mul(w.mul(rHigh, rHigh), w.constant(-0.5)));
  const high = w.keep(w.add(r, half));
  const lower = w.mul(w.mul(w.constant(-0.5), rLow), w.add(rHigh, r));
  const low = w.add(w.add(w.sub(r, high), half), lower);
  return w.keep(w.add(w.add(y, low), high));
}
