/**
 * exp and expm1 of two numbers at once, following src/libm/exp.ts operation by operation; expm1 is ours, of the same parts.
 */
import { EXP } from '../../../libm/index.ts';
import { INTERVALS, type TableAddresses } from './tables.ts';
import type { Part, VectorWriter } from './vector.ts';

const [C2, C3, C4, C5] = EXP.polynomial;
/** NEURON's exp is 0 below the one and exp of the other above it. */
const LOWEST = -700;
const HIGHEST = 700;

interface Reduced {
  /** k + the number that made it an integer: the low bits of the double are those of k. */
  readonly shifted: Part;
  readonly k: Part;
  /** x + k·(high part of -ln2/128), exact where k is small. */
  readonly high: Part;
  readonly tail: Part;
  /** Bits that 2^(k/128) is made of. */
  readonly headBits: Part;
}

/** x = k·ln2/128 + r. */
function reduce(w: VectorWriter, tables: TableAddresses, x: Part): Reduced {
  const shift = w.keep(w.constant(EXP.shift));
  const shifted = w.keep(w.fma(w.constant(EXP.inverse), x, shift));
  const k = w.keep(w.sub(shifted, shift));
  const offsets = w.keep(w.apply('v128.and', w.shift('i64x2.shl', shifted, 4), w.bits(BigInt((INTERVALS - 1) << 4))));
  const [row] = w.rows(tables.exp, 1, offsets);
  const [tail, headBits] = row as readonly [Part, Part];
  return {
    shifted,
    k,
    high: w.keep(w.fma(k, w.constant(EXP.negativeHigh), x)),
    tail,
    headBits,
  };
}

/** first + square·(C2 + r·C3) + square²·(C4 + r·C5). */
function withPolynomial(w: VectorWriter, r: Part, first: Part): Part {
  const square = w.keep(w.mul(r, r));
  const low = w.fma(r, w.constant(C3), w.constant(C2));
  const high = w.fma(r, w.constant(C5), w.constant(C4));
  return w.fma(w.mul(square, square), high, w.fma(square, low, first));
}

/** 2^(k/128) for a k whose power is a normal number. */
function power(w: VectorWriter, { shifted, headBits }: Reduced): Part {
  return w.apply('i64x2.add', headBits, w.shift('i64x2.shl', shifted, 45));
}

/** 2^(k/128)·(1 + rest); |x| ≤ 708. */
function moderate(w: VectorWriter, reduced: Reduced, rest: Part): Part {
  const scale = w.keep(power(w, reduced));
  return w.fma(scale, rest, scale);
}

/** Table's tail + r + …, for x + `xTail`. */
function restOf(w: VectorWriter, { k, high, tail }: Reduced, xTail: Part | null): Part {
  const sum = w.fma(k, w.constant(EXP.negativeLow), high);
  const r = w.keep(xTail === null ? sum : w.add(sum, xTail));
  return w.keep(withPolynomial(w, r, w.add(tail, r)));
}

/** e to the power x as NEURON has it: 0 below -700, exp(700) above 700. */
export function clampedExp(w: VectorWriter, tables: TableAddresses, argument: Part): Part {
  const given = w.keep(argument);
  const x = w.keep(w.apply('f64x2.pmin', given, w.constant(HIGHEST)));
  const reduced = reduce(w, tables, x);
  const y = moderate(w, reduced, restOf(w, reduced, null));
  return w.keep(w.apply('v128.andnot', y, w.apply('f64x2.lt', given, w.constant(LOWEST))));
}

/** e to the power x - 1 within 1 ulp, with the same limits: -1 below -700. 0 of both zeros, as exp(x) - 1 is. */
export function expm1(w: VectorWriter, tables: TableAddresses, argument: Part): Part {
  const above = w.apply('f64x2.pmax', argument, w.constant(LOWEST));
  const x = w.keep(w.apply('f64x2.pmin', above, w.constant(HIGHEST)));
  const reduced = reduce(w, tables, x);
  const low = w.keep(w.constant(EXP.negativeLow));
  const correction = w.keep(w.fma(reduced.k, low, reduced.tail));
  const r = w.keep(w.fma(reduced.k, low, reduced.high));
  // What is small is summed first: only r itself and the result are rounded where x is near 0.
  const rest = w.keep(w.add(reduced.high, withPolynomial(w, r, correction)));
  const scale = w.keep(power(w, reduced));
  return w.keep(w.fma(scale, rest, w.sub(scale, w.constant(1))));
}

/** e to the power x + `tail`, |tail| ≤ 2^-15·|x|; the whole range, infinities and NaN of x included. */
export function exp(w: VectorWriter, tables: TableAddresses, argument: Part, tail: Part | null = null): Part {
  const x = w.keep(argument);
  const size = w.keep(w.apply('f64x2.abs', x));
  const reduced = reduce(w, tables, x);
  const rest = restOf(w, reduced, tail);
  const usual = w.keep(moderate(w, reduced, rest));
  const huge = w.keep(w.select(w.apply('f64x2.ge', size, w.constant(512)), nearLimits(w, x, reduced, rest), usual));
  const beyond = w.apply('v128.and', w.constant(Number.POSITIVE_INFINITY), w.apply('f64x2.gt', x, w.constant(0)));
  const limited = w.select(w.apply('f64x2.ge', size, w.constant(1024)), beyond, huge);
  const numbers = w.keep(w.select(w.apply('f64x2.ne', x, x), x, limited));
  // Where x alone is too small to be seen, its tail must not be.
  return tail === null
    ? numbers
    : w.keep(w.select(w.apply('f64x2.lt', size, w.constant(2 ** -54)), w.constant(1), numbers));
}

/** 512 ≤ |x| < 1024: the result may overflow, or be subnormal and then must be rounded once only. */
function nearLimits(w: VectorWriter, x: Part, reduced: Reduced, rest: Part): Part {
  const unscaled = w.keep(power(w, reduced));
  const moved = (by: number): Part =>
    w.keep(w.apply('i64x2.add', unscaled, w.bits(BigInt.asUintN(64, BigInt(by) << 52n))));
  const one = w.constant(1);
  const large = moved(-1009);
  const above = w.keep(w.mul(w.fma(large, rest, large), w.constant(2 ** 1009)));
  const small = moved(1022);
  const product = w.keep(w.mul(small, rest));
  const y = w.keep(w.add(small, product));
  const low = w.add(w.sub(small, y), product);
  const high = w.keep(w.add(one, y));
  const once = w.sub(w.add(high, w.add(w.add(w.sub(one, high), y), low)), one);
  const below = w.keep(w.mul(w.select(w.apply('f64x2.lt', y, one), once, y), w.constant(2 ** -1022)));
  return w.keep(w.select(w.apply('f64x2.lt', x, w.constant(0)), below, above));
}
