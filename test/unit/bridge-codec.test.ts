/** Messages to frames and back: nothing is lost, and nothing malformed gets through or breaks anything but itself. */
import { encode } from '@msgpack/msgpack';
import { Int32, makeData, makeVector, Table, tableFromArrays, tableToIPC, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeTable,
  encodeTable,
  float64Column,
  int32Column,
  makeFloat64Table,
  stringColumn,
} from '../../src/bridge/arrow.ts';
import { decodeMessage, encodeMessage, encodeTables } from '../../src/bridge/codec.ts';
import type { Envelope } from '../../src/bridge/envelope.ts';
import { ProtocolError } from '../../src/errors.ts';

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const count = fc.maxSafeNat();
const text = fc.string({ unit: 'grapheme' });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const sha = fc.stringMatching(/^[0-9a-f]{64}$/);
// Plain data as JSON has it; `__proto__` is refused by the decoder, which the test below asserts.
const plain = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const safe = plain.filter((value) => !JSON.stringify(value).includes('__proto__'));

const envelope: fc.Arbitrary<Envelope> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    protocol: fc.nat(),
    schemaHash: sha,
    token: text,
    kind: text,
    pid: fc.integer({ min: 1 }),
    versions: fc.constant<Record<string, string>>({ python: '3.12.1' }),
  }),
  fc.record({
    type: fc.constant('call' as const),
    id,
    method: fc.string({ minLength: 1, maxLength: 50 }),
    params: safe,
    credit: fc.integer({ min: 1, max: 1024 }),
    tables: fc.constant<never[]>([]),
  }),
  fc.record({ type: fc.constant('progress' as const), id, done: finite, total: finite, message: text }),
  fc.record({
    type: fc.constant('result' as const),
    id,
    sequence: count,
    value: safe,
    tables: fc.constant<never[]>([]),
  }),
  fc.record({ type: fc.constant('end' as const), id, parts: count, cancelled: fc.boolean() }),
  fc.record({ type: fc.constant('cancel' as const), id }),
  fc.record({
    type: fc.constant('error' as const),
    id,
    code: fc.string({ minLength: 1 }),
    message: text,
    remedy: fc.option(text),
    details: fc.constant<Record<string, unknown>>({ file: 'a.asc', lines: [1, 2] }),
    traceback: text,
  }),
);

/** Any 64 bits as a number: every NaN payload, both zeros, infinities, subnormals. */
const anyBits = fc.bigUint64Array({ maxLength: 300 }).map((bits) => new Float64Array(bits.buffer as ArrayBuffer));

function bitsOf(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.buffer, values.byteOffset, values.length);
}

describe('messages', () => {
  test('come back as they went', () => {
    fc.assert(
      fc.property(envelope, (sent) => {
        expect(decodeMessage(encodeMessage(sent)).envelope).toEqual(sent);
      }),
    );
  });

  test('of any bytes are read or refused with a ProtocolError, nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }), (frames) => {
        refusesOrReads(frames);
      }),
    );
  });

  test('damaged in one byte are read or refused, nothing else', () => {
    fc.assert(
      fc.property(envelope, fc.nat(), fc.integer({ min: 1, max: 255 }), (sent, where, flip) => {
        const [head = new Uint8Array()] = encodeMessage(sent);
        const damaged = Uint8Array.from(head);
        const at = where % damaged.length;
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        refusesOrReads([damaged]);
      }),
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['no map', [1, 2], /unknown type/],
    ['unknown type', { type: 'nonsense' }, /unknown type "nonsense"/],
    ['a field too many', { type: 'cancel', id: 1, why: 'so' }, /cancel message is malformed/],
    ['a field too few', { type: 'cancel' }, /cancel message is malformed/],
    ['a wrong type', { type: 'cancel', id: 'one' }, /malformed at \/id/],
    ['an id out of range', { type: 'cancel', id: 0 }, /malformed at \/id/],
    ['a number that is none', { type: 'progress', id: 1, done: Number.NaN, total: 1, message: '' }, /\/done/],
    [
      'tables that did not come',
      call([{ name: 'a', rows: 1, bytes: 3, crc32: 0 }]),
      /announces 1 tables and carries 0/,
    ],
  ])('with %s are refused by name', (_name, raw, reason) => {
    expect(() => decodeMessage([encode(raw)])).toThrow(reason);
    expect(() => decodeMessage([encode(raw)])).toThrow(ProtocolError);
  });

  test('cannot reach the prototype of objects', () => {
    const raw = encode(JSON.parse('{"type":"cancel","id":1,"__proto__":{"polluted":true}}'));
    expect(() => decodeMessage([raw])).toThrow(ProtocolError);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('that are malformed are not sent either', () => {
    expect(() => encodeMessage({ type: 'cancel', id: -1 })).toThrow(/malformed at \/id/);
  });
});

describe('tables', () => {
  test('of float64 arrive bit for bit', () => {
    fc.assert(
      fc.property(anyBits, (values) => {
        const table = makeFloat64Table({ v: values });
        const back = decodeTable(encodeTable(table), 't', values.length);
        expect(bitsOf(float64Column(back, 'v'))).toEqual(bitsOf(values));
      }),
    );
  });

  test('of int32 and strings arrive as they went', () => {
    const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(int, text), { minLength: 1, maxLength: 50 }), (rows) => {
        const numbers = Int32Array.from(rows, ([number]) => number);
        const texts = rows.map(([, value]) => value);
        const table = new Table({
          number: makeVector(makeData({ type: new Int32(), data: numbers })),
          text: vectorFromArray(texts),
        });
        const back = decodeTable(encodeTable(table), 't', rows.length);
        expect(int32Column(back, 'number')).toEqual(numbers);
        expect(stringColumn(back, 'text')).toEqual(texts);
      }),
    );
  });

  test('travel with their message and share the memory that arrived', () => {
    const { notes, frames } = encodeTables({ voltage: makeFloat64Table({ v: Float64Array.of(-75, -0, Number.NaN) }) });
    const { tables } = decodeMessage([...encodeMessage(call(notes) as Envelope), ...frames]);
    const voltage = tables.voltage;
    const column = voltage === undefined ? new Float64Array() : float64Column(voltage, 'v');
    expect(bitsOf(column)).toEqual(bitsOf(Float64Array.of(-75, -0, Number.NaN)));
    expect(column.buffer).toBe(frames[0]?.buffer);
  });

  test('cut at a batch boundary, which Arrow reads as a shorter table, are noticed', () => {
    const batch = () => makeFloat64Table({ v: new Float64Array(10) });
    const whole = tableToIPC(batch().concat(batch()), 'stream');
    const one = tableToIPC(batch(), 'stream');
    // Without its 8 bytes of end marker a one-batch stream is the two-batch stream cut behind its first batch.
    const cut = whole.slice(0, one.length - 8);
    expect(() => decodeTable(cut, 't', 20)).toThrow(/announced with 20 rows and arrived with 10/);
  });

  test('damaged in one byte are refused before Arrow reads them', () => {
    const table = tableFromArrays({ v: new Float64Array(40), text: Array(40).fill('abc') });
    const { notes, frames } = encodeTables({ t: table });
    const [head = new Uint8Array()] = encodeMessage(call(notes) as Envelope);
    const [bytes = new Uint8Array()] = frames;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        expect(() => decodeMessage([head, damaged])).toThrow(/not those that were sent/);
      }),
    );
  });

  test('cut anywhere are refused with a ProtocolError', () => {
    const bytes = encodeTable(makeFloat64Table({ v: new Float64Array(40) }));
    for (let length = 0; length < bytes.length - 8; length++) {
      expect(() => decodeTable(bytes.slice(0, length), 't', 40)).toThrow(ProtocolError);
    }
  });

  test('that are no Arrow streams are refused with a ProtocolError', () => {
    expect(() => decodeTable(new TextEncoder().encode('x,y\n1,2\n3,4\n5,6\n'), 't', 3)).toThrow(ProtocolError);
  });

  test('of another size than announced, or named twice, are refused', () => {
    const { notes, frames } = encodeTables({ t: makeFloat64Table({ v: new Float64Array(3) }) });
    const [note] = notes;
    const [frame] = frames;
    if (note === undefined || frame === undefined) throw new Error('no table was encoded');
    const send = (announced: unknown[], carried: Uint8Array[]) =>
      decodeMessage([encode({ ...call([]), tables: announced }), ...carried]);
    expect(() => send([{ ...note, bytes: note.bytes + 8 }], frames)).toThrow(/bytes announced/);
    expect(() => send([{ ...note, rows: 4 }], frames)).toThrow(/announced with 4 rows and arrived with 3/);
    expect(() => send([note, note], [frame, frame])).toThrow(/two tables are named t/);
  });

  test('are asked for columns by name and type', () => {
    const table = makeFloat64Table({ v: new Float64Array(3) });
    expect(() => float64Column(table, 'w')).toThrow(/no column w, only v/);
    expect(() => int32Column(table, 'v')).toThrow(/column v/);
    expect(() => float64Column(tableFromArrays({ v: new Float32Array(3) }), 'v')).toThrow(/expected float64/);
    expect(() => makeFloat64Table({ a: new Float64Array(1), b: new Float64Array(2) })).toThrow(/differ in length/);
  });
});

function call(tables: unknown[]): Record<string, unknown> {
  return { type: 'call', id: 1, method: 'm', params: {}, credit: 1, tables };
}

function refusesOrReads(frames: readonly Uint8Array[]): void {
  try {
    expect(decodeMessage(frames).envelope).toHaveProperty('type');
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}
