/** Reading checkpoints and running them, on networks small enough to be worked out by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTwincellError } from '../../src/errors.ts';
import { predictTrial, readTwin } from '../../src/twin/index.ts';

type Tensors = Record<string, { shape: number[]; values: number[] }>;

/** The bytes of a .safetensors file, written from the format's description. */
function safetensors(tensors: Tensors, metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const numbers: number[] = [];
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    const begin = 4 * numbers.length;
    numbers.push(...values);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, 4 * numbers.length] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + 4 * numbers.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  for (const [k, value] of numbers.entries()) view.setFloat32(8 + text.length + 4 * k, value, true);
  return bytes;
}

const information = {
  format: 1,
  identity: 'a'.repeat(64),
  channels: 2,
  layers: [
    { taps: 3, width: 1 },
    { taps: 2, width: 1 },
  ],
  receptiveMs: 4,
  normEpsilon: 0,
  somaOffset: -70,
};

/** Excitation counts 1, 2 and 4 after 0, 1 and 2 ms, inhibition -1 at once; the second layer adds this ms and the last. */
const tensors: Tensors = {
  'layers.0.weight': { shape: [1, 2, 3], values: [4, 2, 1, 0, 0, -1] },
  'layers.0.bias': { shape: [1], values: [0.5] },
  'layers.0.norm.scale': { shape: [1], values: [3] },
  'layers.0.norm.shift': { shape: [1], values: [1] },
  'layers.0.norm.mean': { shape: [1], values: [0.5] },
  'layers.0.norm.variance': { shape: [1], values: [9] },
  'layers.1.weight': { shape: [1, 1, 2], values: [1, 1] },
  'layers.1.bias': { shape: [1], values: [0] },
  'layers.1.norm.scale': { shape: [1], values: [1] },
  'layers.1.norm.shift': { shape: [1], values: [0] },
  'layers.1.norm.mean': { shape: [1], values: [0] },
  'layers.1.norm.variance': { shape: [1], values: [1] },
  'heads.spike.weight': { shape: [1, 1], values: [0] },
  'heads.spike.bias': { shape: [1], values: [Math.log(1 / 3)] },
  'heads.soma.weight': { shape: [1, 1], values: [2] },
  'heads.soma.bias': { shape: [1], values: [0.25] },
};
const bytes = () => safetensors(tensors, { twincell: JSON.stringify(information) });

const eventsOf = (pairs: readonly (readonly [number, number])[]) => ({
  dendrites: 1,
  channel: Int32Array.from(pairs, ([, channel]) => channel),
  time: Float64Array.from(pairs, ([time]) => time),
});

describe('a twin in TypeScript', () => {
  test('answers as its sums say', () => {
    const { soma, probability } = predictTrial(readTwin(bytes(), 'x'), eventsOf([[1, 0]]), 6);
    // First layer, before the norm, from 1 ms before the trial: 0.5 0.5 1.5 2.5 4.5 0.5 0.5; the norm adds 0.5 to each.
    const normal = [0.5, 0.5, 1.5, 2.5, 4.5, 0.5, 0.5].map((value) => value + 0.5);
    const sums = [0, 1, 2, 3, 4, 5].map((ms) => (normal[ms] as number) + (normal[ms + 1] as number));
    expect(Array.from(soma)).toEqual(sums.map((sum) => -70 + 0.25 + 2 * sum));
    expect(Array.from(probability)).toEqual([0, 1, 2, 3, 4, 5].map(() => expect.closeTo(0.25, 6)));
  });

  test('rectifies before it normalises, and counts two events of a millisecond twice', () => {
    const one = predictTrial(readTwin(bytes(), 'x'), eventsOf([[2, 1]]), 3).soma;
    const two = predictTrial(
      readTwin(bytes(), 'x'),
      eventsOf([
        [2, 0],
        [2, 0],
      ]),
      3,
    ).soma;
    expect(Array.from(one)).toEqual([-70 + 0.25 + 2 * 2, -70 + 0.25 + 2 * 2, -70 + 0.25 + 2 * (1 + 0.5)]);
    expect(two[2]).toBe(-70 + 0.25 + 2 * (1 + 3));
  });

  test('never changes its answers for what comes later, nor beyond its receptive field', () => {
    const event = fc.tuple(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), event, (others, [time, channel]) => {
        const twin = readTwin(bytes(), 'x');
        const without = predictTrial(twin, eventsOf(others), 40).soma;
        const withIt = predictTrial(twin, eventsOf([...others, [time, channel]]), 40).soma;
        for (let ms = 0; ms < 40; ms++) {
          if (ms < time || ms >= time + information.receptiveMs) expect(withIt[ms]).toBe(without[ms]);
        }
      }),
    );
  });

  test('refuses the events of another cell', () => {
    const other = { ...eventsOf([]), dendrites: 3 };
    expect(() => predictTrial(readTwin(bytes(), 'x'), other, 10)).toThrow(/2 input channels, the events 6/);
  });
});

describe('a file that is no checkpoint', () => {
  const cases: [string, () => Uint8Array][] = [
    ['empty', () => new Uint8Array()],
    ['text', () => new TextEncoder().encode('this is not a checkpoint')],
    ['cut short', () => bytes().subarray(0, bytes().length - 4)],
    ['of another format', () => safetensors(tensors, { twincell: JSON.stringify({ ...information, format: 2 }) })],
    ['without a description', () => safetensors(tensors, {})],
    ['without its heads', () => safetensors({}, { twincell: JSON.stringify({ ...information, layers: [{}] }) })],
  ];
  test.each(cases)('%s: is named', (_, make) => {
    let error: unknown = null;
    try {
      readTwin(make(), 'some.safetensors');
    } catch (caught) {
      error = caught;
    }
    expect(isTwincellError(error, 'InvalidModelFile')).toBe(true);
    expect(String(error)).toContain('some.safetensors');
  });

  test('whatever the bytes, a typed error', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (place, value) => {
        const damaged = bytes();
        damaged[place % (damaged.length - 4 * 20)] = value;
        try {
          readTwin(damaged, 'x');
        } catch (error) {
          expect(isTwincellError(error)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
