/** Packed arrays back into typed arrays. */
import type { MoviePayload, Packed, Ramp } from './payload.ts';

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undoes the grouping: all first bytes, then all second bytes, ... */
function ungroup(planes: Uint8Array, size: number): ArrayBuffer {
  const bytes = new Uint8Array(planes.length);
  const count = planes.length / size;
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0; i < count; i++) bytes[i * size + plane] = planes[plane * count + i] ?? 0;
  }
  return bytes.buffer;
}

async function bufferOf(packed: Packed, type: Packed['type'], size: number): Promise<ArrayBuffer> {
  if (packed.type !== type) throw new TypeError(`expected ${type}, found ${packed.type}`);
  const buffer = ungroup(await inflate(bytesOfBase64(packed.data)), size);
  if (buffer.byteLength !== packed.length * size) throw new RangeError('a packed array has the wrong length');
  return buffer;
}

export async function unpackFloats(packed: Packed): Promise<Float32Array> {
  return new Float32Array(await bufferOf(packed, 'f32', 4));
}

export async function unpackIntegers(packed: Packed): Promise<Int32Array> {
  return new Int32Array(await bufferOf(packed, 'i32', 4));
}

/** Sums each row's differences in place; Int16Array wraps as the encoder did. Values are multiples of `stepMv`. */
export async function unpackMovie(movie: MoviePayload): Promise<Int16Array> {
  const values = new Int16Array(await bufferOf(movie.deltas, 'i16', 2));
  for (let row = 0; row < movie.compartments; row++) {
    const first = row * movie.samples;
    for (let i = first + 1; i < first + movie.samples; i++) values[i] = (values[i] ?? 0) + (values[i - 1] ?? 0);
  }
  return values;
}

/** A time axis (ms), stored as numbers or as a ramp. */
export async function unpackAxis(axis: Packed | Ramp): Promise<Float64Array> {
  if ('data' in axis) return Float64Array.from(await unpackFloats(axis));
  return Float64Array.from({ length: axis.length }, (_, k) => axis.start + axis.step * k);
}

/** Stands for a voltage that is no number. */
export const NOT_A_NUMBER = -32768;
