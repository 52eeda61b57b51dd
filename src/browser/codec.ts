/**
 * Plain data as text inside a page, and back with the same bits: JSON in which typed arrays, maps and the numbers that JSON
 * lacks are marked, deflated, in base64. Runs in Node and in a browser.
 */

const ARRAYS = { f64: Float64Array, f32: Float32Array, i32: Int32Array } as const;
type ArrayName = keyof typeof ARRAYS;

/** What stands for a value that JSON has no word for; no key of ours begins with $. */
interface Marked {
  readonly $: ArrayName | 'map' | 'number';
  readonly of: unknown;
}

function marked($: Marked['$'], of: unknown): Marked {
  return { $, of };
}

function written(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return marked('number', Object.is(value, -0) ? '-0' : String(value));
  }
  if (value instanceof Map) return marked('map', [...value]);
  for (const [name, kind] of Object.entries(ARRAYS)) {
    if (value instanceof kind) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return marked(name as ArrayName, base64(bytes));
    }
  }
  return value;
}

function read(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$' in value)) return value;
  const { $, of } = value as Marked;
  if ($ === 'map') return new Map(of as [unknown, unknown][]);
  if ($ === 'number') return Number(of);
  return new ARRAYS[$](bytesOf(of as string).buffer);
}

export async function encode(value: unknown): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(value, written));
  return base64(await through(text, new CompressionStream('deflate-raw')));
}

/** What `encode` was given; whose shape it is, the caller knows. */
export async function decode(text: string): Promise<unknown> {
  const bytes = await through(bytesOf(text), new DecompressionStream('deflate-raw'));
  return JSON.parse(new TextDecoder().decode(bytes), read);
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const passed = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(passed).arrayBuffer());
}

/** In pieces, since a call takes only so many arguments; pieces of three bytes' multiples join without padding. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let k = 0; k < bytes.length; k += 3 * 4096) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(k, k + 3 * 4096))));
  }
  return pieces.join('');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
