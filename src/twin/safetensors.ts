/**
 * Reading .safetensors: eight bytes of header length, a JSON header that names each tensor's type, shape and place, then
 * the numbers, little-endian. Only float32 is read, which is all that our checkpoints hold.
 */
import { InvalidModelFileError } from '../errors.ts';

/** Numbers of one tensor, the last dimension fastest. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Tensors by name, and the header's own texts by key. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longest header the format allows (bytes). */
const LONGEST_HEADER = 100_000_000;

/**
 * The tensors of a file's bytes.
 * @param file its path, for errors
 * @throws InvalidModelFileError where the bytes are not such a file, or are cut short
 */
export function readTensors(bytes: Uint8Array, file: string): TensorFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? Number.NaN : Number(view.getBigUint64(0, true));
  if (!(length <= Math.min(LONGEST_HEADER, bytes.length - 8))) throw invalid(file, 'it does not begin as one');
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + length)), file);
  const metadata = isRecord(header.__metadata__) ? (header.__metadata__ as Record<string, string>) : {};
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== '__metadata__') tensors.set(name, readTensor(bytes.subarray(8 + length), entry, name, file));
  }
  return { tensors, metadata };
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'its header is not JSON', cause);
  }
  if (!isRecord(header)) throw invalid(file, 'its header is not an object');
  return header;
}

function readTensor(data: Uint8Array, entry: unknown, name: string, file: string): Tensor {
  if (!isRecord(entry) || entry.dtype !== 'F32') throw invalid(file, `expected float32 numbers in ${name}`);
  const shape = integers(entry.shape);
  const [begin, end] = integers(entry.data_offsets) ?? [];
  const count = shape?.reduce((product, size) => product * size, 1);
  if (
    shape === null ||
    begin === undefined ||
    end === undefined ||
    end > data.length ||
    end - begin !== 4 * (count ?? 0)
  ) {
    throw invalid(file, `the place of ${name} lies outside of the file or does not fit its shape`);
  }
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  return { shape, values: Float32Array.from({ length: count ?? 0 }, (_, k) => view.getFloat32(4 * k, true)) };
}

function integers(value: unknown): number[] | null {
  const fits = Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
  return fits ? (value as number[]) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, what: string, cause?: unknown): InvalidModelFileError {
  const remedy = 'Train the twin again, or give the .safetensors file that training wrote.';
  return new InvalidModelFileError(`this is no checkpoint of a twin: ${what}`, { file, remedy, cause });
}
