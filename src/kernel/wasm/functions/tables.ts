/**
 * The tables of exp, log and pow as vector code gathers them: what belongs to one interval stands in one row, so that a
 * lane needs one or two loads.
 */
import { EXP, LOG, POW } from '../../../libm/index.ts';
import { bitsOf } from './vector.ts';

export const INTERVALS = 128;

/** Byte address of each table. Rows of exp have 2 numbers, those of log and pow 4. */
export interface TableAddresses {
  readonly exp: number;
  readonly log: number;
  readonly pow: number;
}

export const TABLE_BYTES = 8 * INTERVALS * (2 + 4 + 4);

/** @param start a multiple of 16 */
export function tablesAt(start: number): TableAddresses {
  return { exp: start, log: start + 16 * INTERVALS, pow: start + 48 * INTERVALS };
}

/** What stands there. Some of it are bits, not numbers: copy it with `set`. */
export function tableValues(): Float64Array {
  const bits = new BigUint64Array(TABLE_BYTES / 8);
  const { exp, log, pow } = tablesAt(0);
  const put = (at: number, values: readonly number[]): void => {
    for (const [k, value] of values.entries()) bits[at / 8 + k] = bitsOf(value);
  };
  for (let i = 0; i < INTERVALS; i++) {
    put(exp + 16 * i, [at(EXP.tail, i), at(EXP.head, i)]);
    // Adding k << 45 to the head's bits then adds k >> 7 to its exponent and takes away the rest.
    const head = exp / 8 + 2 * i + 1;
    bits[head] = (bits[head] as bigint) - (BigInt(i) << 45n);
    put(log + 32 * i, [at(LOG.inverse, i), at(LOG.log, i), at(LOG.high, i), at(LOG.low, i)]);
    put(pow + 32 * i, [at(POW.inverse, i), at(POW.log, i), at(POW.tail, i), 0]);
  }
  return new Float64Array(bits.buffer);
}

function at(table: Float64Array, index: number): number {
  return table[index] as number;
}
