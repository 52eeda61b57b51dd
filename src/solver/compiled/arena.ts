/** All numbers of a simulation in one memory, which JavaScript and WebAssembly share. */
import { UsageError } from '../../errors.ts';

const PAGE = 65536;
const ALIGNMENT = 16;

export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** `length` zeros, on an address that is a multiple of 16. */
  numbers(length: number): Float64Array;
  integers(length: number): Int32Array;
  /** A copy of these numbers. */
  copy(values: Float64Array): Float64Array;
}

/**
 * @param numbers room for so many float64, of which no more is used than is asked for: memory that nothing has written to
 * costs nothing
 */
export function createArena(numbers: number): Arena {
  const pages = Math.ceil((8 * numbers) / PAGE) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  let next = ALIGNMENT;

  /** Address of `bytes` bytes. */
  function take(bytes: number): number {
    const address = next;
    next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (next > memory.buffer.byteLength) {
      throw new UsageError(`a compiled simulation has room for ${numbers} numbers, and this one needs more`, {
        remedy: 'Run it in mode reference, and tell us about the circuit.',
      });
    }
    return address;
  }

  const floats = (length: number): Float64Array => new Float64Array(memory.buffer, take(8 * length), length);
  return {
    memory,
    numbers: floats,
    integers: (length) => new Int32Array(memory.buffer, take(4 * length), length),
    copy(values) {
      const out = floats(values.length);
      out.set(values);
      return out;
    },
  };
}
