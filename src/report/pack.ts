/**
 * Typed arrays as text inside a page, small: bytes are grouped by significance (neighbouring samples share their high
 * bytes), deflated and written in base64.
 */
import { deflateRawSync } from 'node:zlib';
import type { VoltageMovie } from './data.ts';
import { NOT_A_NUMBER } from './page/decode.ts';
import type { MoviePayload, Packed, Ramp } from './page/payload.ts';

/** Finest step of the voltage movie (mV): a tenth of what its colour bar can tell apart. */
export const MOVIE_STEP_MV = 0.05;
const LARGEST_LEVEL = 32767;

function pack(type: Packed['type'], values: Float32Array | Int32Array | Int16Array): Packed {
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const planes = new Uint8Array(bytes.length);
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < values.length; i++) planes[plane * values.length + i] = bytes[i * size + plane] ?? 0;
  }
  return { type, length: values.length, data: deflateRawSync(planes, { level: 6 }).toString('base64') };
}

/** As float32. Numbers that came through JSON hold null where they were none. */
export function packFloats(values: ArrayLike<number>): Packed {
  return pack(
    'f32',
    Float32Array.from(values, (value: number | null) => value ?? Number.NaN),
  );
}

export function packIntegers(values: ArrayLike<number>): Packed {
  return pack('i32', Int32Array.from(values));
}

/** A ramp where the axis is evenly spaced to a millionth of a step, else its numbers. */
export function packAxis(values: Float64Array): Packed | Ramp {
  const start = values[0] ?? 0;
  const step = values.length > 1 ? ((values.at(-1) ?? 0) - start) / (values.length - 1) : 1;
  const even = values.every((value, k) => Math.abs(value - (start + step * k)) <= 1e-6 * Math.abs(step));
  return even ? { start, step, length: values.length } : packFloats(values);
}

/** Step (mV) that lets every finite value of a movie fit into 16 bits. */
export function movieStep(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? 0);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  return Math.max(MOVIE_STEP_MV, largest / LARGEST_LEVEL);
}

/** Voltages as whole multiples of a step, off by at most half of it; what is no number stays none. */
export function quantise(values: ArrayLike<number>, stepMv: number): Int16Array {
  const levels = new Int16Array(values.length);
  for (let i = 0; i < levels.length; i++) {
    const value = values[i] ?? Number.NaN;
    levels[i] = Number.isFinite(value) ? Math.round(value / stepMv) : NOT_A_NUMBER;
  }
  return levels;
}

export function packMovie(movie: VoltageMovie): MoviePayload {
  const { trial, compartments, samples, startMs, stepMs } = movie;
  if (movie.values.length !== compartments * samples) {
    throw new RangeError(
      `a movie of ${compartments} compartments and ${samples} samples has ${movie.values.length} values`,
    );
  }
  const stepMv = movieStep(movie.values);
  const levels = quantise(movie.values, stepMv);
  for (let row = 0; row < compartments; row++) {
    const first = row * samples;
    for (let i = first + samples - 1; i > first; i--) levels[i] = (levels[i] ?? 0) - (levels[i - 1] ?? 0);
  }
  return { trial, compartments, samples, startMs, stepMs, stepMv, deltas: pack('i16', levels) };
}
