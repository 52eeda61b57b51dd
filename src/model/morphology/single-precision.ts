/** A decimal text as the nearest single-precision number: not by way of the nearest double, which may round twice. */

/** @param text a decimal number, as scanf's %f takes it @param value the nearest double */
export function nearestSingle(text: string, value: number): number {
  const single = Math.fround(value);
  if (single === value || !Number.isFinite(single)) return single;
  // Only a double half-way between two singles can have hidden on which side the text lies.
  const other = neighbour(single, value);
  if (single / 2 + other / 2 !== value) return single;
  const side = compareDecimal(text, value);
  if (side === 0) return single;
  const [low, high] = single < other ? [single, other] : [other, single];
  return side > 0 ? high : low;
}

/** The single next to `single` on the side of `value`. */
function neighbour(single: number, value: number): number {
  const bits = new Int32Array(1);
  const floats = new Float32Array(bits.buffer);
  floats[0] = single;
  const away = Math.abs(value) > Math.abs(single);
  bits[0] = (bits[0] ?? 0) + (away ? 1 : -1);
  return floats[0] ?? single;
}

/** Sign of text - value, exactly. */
function compareDecimal(text: string, value: number): number {
  const [, sign, whole = '', part = '', power = '0'] = /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?/i.exec(text) ?? [];
  let decimal = BigInt(`${whole}${part}` || '0') * (sign === '-' ? -1n : 1n);
  const exponent = Number(power) - part.length;
  // value = mantissa · 2^-scale
  let scale = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    scale++;
  }
  let binary = BigInt(mantissa);
  decimal *= 2n ** BigInt(scale);
  if (exponent >= 0) decimal *= 10n ** BigInt(exponent);
  else binary *= 10n ** BigInt(-exponent);
  return decimal === binary ? 0 : decimal > binary ? 1 : -1;
}
