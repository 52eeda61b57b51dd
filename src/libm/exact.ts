/**
 * Exact arithmetic at load time: fixed-point BigInts from which the tables of `exp`, `log` and `pow` are rounded.
 *
 * A fixed-point number n stands for n / 2^FRACTION. With 240 bits every table entry is rounded from more than a hundred
 * bits beyond a double, so that each one is the correctly rounded value.
 */

/** Bits after the binary point. */
export const FRACTION = 240n;

/** The number 1. */
export const ONE = 1n << FRACTION;

/** n / 2^FRACTION as the nearest double, ties to even (what `Number` does with a BigInt). */
export function toDouble(n: bigint): number {
  return Number(n) * 2 ** -Number(FRACTION);
}

/** A finite double whose last bit is worth at least 2^-FRACTION, exactly. */
export function fromDouble(x: number): bigint {
  let scale = 0n;
  let scaled = x;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    scale++;
  }
  return (BigInt(scaled) << FRACTION) >> scale;
}

export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> FRACTION;
}

export function divide(a: bigint, b: bigint): bigint {
  return (a << FRACTION) / b;
}

/** Integer square root by Newton's iteration from above. */
function integerSqrt(n: bigint): bigint {
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** 2^(1/2^k) by k square roots. */
export function rootOfTwo(k: number): bigint {
  let x = 2n * ONE;
  for (let i = 0; i < k; i++) x = integerSqrt(x << FRACTION);
  return x;
}

/** ln(c) for c near 1, by the series 2·artanh((c - 1)/(c + 1)). */
export function naturalLog(c: bigint): bigint {
  const z = divide(c - ONE, c + ONE);
  const square = multiply(z, z);
  let power = z;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = multiply(power, square);
  }
  return 2n * sum;
}
