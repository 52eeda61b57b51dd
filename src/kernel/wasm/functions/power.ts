/** Powers of two numbers at once, following src/libm/pow.ts operation by operation. */
import { POW } from '../../../libm/index.ts';
import { exp } from './exponential.ts';
import { split } from './logarithm.ts';
import type { TableAddresses } from './tables.ts';
import type { Part, VectorWriter } from './vector.ts';

const [A0, A1, A2, A3, A4, A5, A6] = POW.polynomial;
const SIGN = 1n << 63n;
const HIGH_WORD = 0xffffffff00000000n;
const WITHOUT_27_BITS = 0xfffffffff8000000n;

/** base to the power y, with C's special cases: 1 to any power is 1, and any base to the power 0. */
export function pow(w: VectorWriter, tables: TableAddresses, base: Part, exponent: Part): Part {
  const x = w.keep(base);
  const y = w.keep(exponent);
  const zero = w.constant(0);
  const one = w.constant(1);
  const infinity = w.constant(Number.POSITIVE_INFINITY);
  const both = (a: Part, b: Part): Part => w.apply('v128.and', a, b);
  const either = (a: Part, b: Part): Part => w.apply('v128.or', a, b);
  const without = (a: Part, b: Part): Part => w.apply('v128.andnot', a, b);
  const equal = (a: Part, b: Part): Part => w.apply('f64x2.eq', a, b);
  const differ = (a: Part, b: Part): Part => w.apply('f64x2.ne', a, b);

  const size = w.keep(w.apply('f64x2.abs', x));
  const usual = w.keep(positivePower(w, tables, size, y));
  // A base of 0 or infinity, or an infinite exponent.
  const grows = w.apply('v128.xor', w.apply('f64x2.gt', size, one), w.apply('f64x2.gt', y, zero));
  const limit = without(infinity, grows);
  const atLimit = either(either(equal(size, zero), equal(size, infinity)), equal(w.apply('f64x2.abs', y), infinity));
  const limited = w.keep(w.select(atLimit, limit, usual));
  const noPower = w.keep(equal(y, zero));
  const magnitude = w.keep(w.select(either(equal(size, one), noPower), one, limited));

  const fraction = w.keep(differ(w.apply('f64x2.trunc', y), y));
  const half = w.keep(w.mul(y, w.constant(0.5)));
  const odd = without(differ(w.apply('f64x2.trunc', half), half), fraction);
  const signed = w.keep(w.apply('v128.xor', magnitude, both(odd, both(x, w.bits(SIGN)))));

  const negative = both(w.apply('f64x2.lt', x, zero), w.apply('f64x2.gt', x, w.constant(Number.NEGATIVE_INFINITY)));
  const nowhere = either(either(differ(x, x), differ(y, y)), both(negative, fraction));
  const nothing = without(nowhere, either(noPower, equal(x, one)));
  return w.keep(w.select(nothing, w.constant(Number.NaN), signed));
}

/** x positive and finite, y finite; anything elsewhere. */
function positivePower(w: VectorWriter, tables: TableAddresses, x: Part, y: Part): Part {
  const [logHigh, logLow] = longLog(w, tables, x);
  const without = (value: Part): Part => w.keep(w.apply('v128.and', value, w.bits(WITHOUT_27_BITS)));
  const yHigh = without(y);
  const head = without(logHigh);
  const rest = w.add(w.sub(logHigh, head), logLow);
  const tail = w.keep(w.fma(y, rest, w.mul(w.sub(y, yHigh), head)));
  return exp(w, tables, w.mul(yHigh, head), tail);
}

/** log(x) as the sum of two doubles. */
function longLog(w: VectorWriter, tables: TableAddresses, x: Part): readonly [Part, Part] {
  const { k, z, offsets } = split(w, x, POW.first);
  const [first, second] = w.rows(tables.pow, 2, offsets);
  const [inverseRow, logC] = first as readonly [Part, Part];
  const [logTail] = second as readonly [Part, Part];
  const inverse = w.keep(inverseRow);
  // z rounded to its high word, so that products with it are exact.
  const zHigh = w.keep(w.apply('v128.and', w.apply('i64x2.add', z, w.bits(1n << 31n)), w.bits(HIGH_WORD)));
  const rHigh = w.keep(w.sub(w.mul(zHigh, inverse), w.constant(1)));
  const rLow = w.keep(w.mul(w.sub(z, zHigh), inverse));
  const r = w.keep(w.add(rHigh, rLow));

  const t1 = w.keep(w.fma(k, w.constant(POW.ln2High), logC));
  const t2 = w.keep(w.add(t1, r));
  const low1 = w.fma(k, w.constant(POW.ln2Low), logTail);
  const low2 = w.add(w.sub(t1, t2), r);
  const ar = w.keep(w.mul(w.constant(A0), r));
  const ar2 = w.keep(w.mul(r, ar));
  const ar3 = w.mul(r, ar2);
  const arHigh = w.keep(w.mul(w.constant(A0), rHigh));
  const arHigh2 = w.keep(w.mul(rHigh, arHigh));
  const sum = w.keep(w.add(t2, arHigh2));
  const low3 = w.mul(rLow, w.add(ar, arHigh));
  const low4 = w.add(w.sub(t2, sum), arHigh2);
  const p = w.mul(
    ar3,
    w.fma(
      ar2,
      w.fma(ar2, w.fma(r, w.constant(A6), w.constant(A5)), w.fma(r, w.constant(A4), w.constant(A3))),
      w.fma(r, w.constant(A2), w.constant(A1)),
    ),
  );
  const low = w.keep(w.add(w.add(w.add(w.add(low1, low2), low3), low4), p));
  const logHigh = w.keep(w.add(sum, low));
  return [logHigh, w.keep(w.add(w.sub(sum, logHigh), low))];
}
