/** A choice of tables as bytes and back, to the last bit; null for bytes that are none. */
import type { Choice } from './choose.ts';
import { COEFFICIENTS, type Fitted } from './fit.ts';
import { type Grid, intervalsOf } from './grid.ts';

/** Which grid, and how many numbers are chosen. */
const HEAD = 2;
/** Of each of them: its index, error, and the constant w or NaN. */
const EACH = 3;

export function toBytes({ grid, chosen }: Choice, grids: readonly Grid[]): Uint8Array {
  const parts: Float64Array[] = [Float64Array.of(grids.indexOf(grid), chosen.length)];
  for (const { index, fitted } of chosen) {
    parts.push(Float64Array.of(index, fitted.error, typeof fitted.w === 'number' ? fitted.w : Number.NaN));
  }
  for (const { fitted } of chosen) parts.push(fitted.a, ...(typeof fitted.w === 'number' ? [] : [fitted.w]));
  const numbers = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    numbers.set(part, at);
    at += part.length;
  }
  return new Uint8Array(numbers.buffer);
}

/** @param count of the list that is chosen from */
export function fromBytes(bytes: Uint8Array, grids: readonly Grid[], count: number): Choice | null {
  if (bytes.length % 8 !== 0 || bytes.byteOffset % 8 !== 0) return null;
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const [which = Number.NaN, length = Number.NaN] = numbers;
  const grid = grids[which];
  if (grid === undefined || !(Number.isInteger(length) && length >= 0 && length <= count)) return null;
  const size = COEFFICIENTS * intervalsOf(grid);
  let at = HEAD + EACH * length;
  const take = (): Float64Array => {
    at += size;
    return numbers.subarray(at - size, at);
  };
  const chosen = Array.from({ length }, (_, k) => {
    const [index = Number.NaN, error = Number.NaN, w = Number.NaN] = numbers.subarray(HEAD + EACH * k);
    const a = take();
    return { index, fitted: { a, w: Number.isNaN(w) ? take() : w, error } satisfies Fitted };
  });
  const isOne = ({ index }: { readonly index: number }): boolean =>
    Number.isInteger(index) && index >= 0 && index < count;
  return at === numbers.length && chosen.every(isOne) ? { grid, chosen } : null;
}
