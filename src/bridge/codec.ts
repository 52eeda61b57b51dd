/**
 * Messages to frames and back: the head is MessagePack, tables follow as Arrow streams. Whatever does not have the agreed
 * shape is a ProtocolError, in both directions.
 */
import { crc32 } from 'node:zlib';
import { decode, encode } from '@msgpack/msgpack';
import type { Table } from 'apache-arrow';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ProtocolError } from '../errors.ts';
import { decodeTable, encodeTable } from './arrow.ts';
import {
  Envelope,
  type EnvelopeType,
  MAX_HEAD_BYTES,
  MAX_TABLE_BYTES,
  MAX_TABLES,
  type TableNote,
} from './envelope.ts';

/** A message and its tables. */
export interface Message<E extends Envelope = Envelope> {
  readonly envelope: E;
  readonly tables: Readonly<Record<string, Table>>;
}

const NO_TABLES: Readonly<Record<string, Table>> = Object.freeze({});

/** Each message has its own compiled check, so that a refusal names the field and not eleven shapes it is not. */
const checks = new Map(
  Envelope.anyOf.map((member) => [member.properties.type.const as string, Compile<TSchema>(member)]),
);

/** The message as frames. The frames' memory is new, or (tables) never changed again. */
export function encodeMessage(envelope: Envelope): Uint8Array[] {
  const valid = checkEnvelope(envelope);
  const head = encode(valid, { ignoreUndefined: true, maxDepth: 64 });
  requireAtMost(head.byteLength, MAX_HEAD_BYTES, `a ${envelope.type} message`);
  return [head];
}

/** Tables as frames, and the notes that announce them in the message. */
export function encodeTables(tables: Readonly<Record<string, Table>>): { notes: TableNote[]; frames: Uint8Array[] } {
  const notes: TableNote[] = [];
  const frames: Uint8Array[] = [];
  for (const [name, table] of Object.entries(tables)) {
    const bytes = encodeTable(table);
    requireAtMost(bytes.byteLength, MAX_TABLE_BYTES, `table ${name}`);
    notes.push({ name, rows: table.numRows, bytes: bytes.byteLength, crc32: crc32(bytes) });
    frames.push(bytes);
  }
  requireAtMost(notes.length, MAX_TABLES, 'the number of tables', '');
  return { notes, frames };
}

/** Reads frames as a message. Tables share the memory of their frames. */
export function decodeMessage(frames: readonly Uint8Array[]): Message {
  const [head, ...bodies] = frames;
  if (head === undefined) throw new ProtocolError('a message without frames');
  requireAtMost(head.byteLength, MAX_HEAD_BYTES, 'a message head');
  let raw: unknown;
  try {
    raw = decode(head);
  } catch (cause) {
    throw new ProtocolError('a message head that is not MessagePack', { cause });
  }
  const envelope = checkEnvelope(raw);
  const notes = 'tables' in envelope ? envelope.tables : [];
  if (notes.length !== bodies.length) {
    throw new ProtocolError(`a ${envelope.type} message announces ${notes.length} tables and carries ${bodies.length}`);
  }
  if (notes.length === 0) return { envelope, tables: NO_TABLES };
  const tables: Record<string, Table> = Object.create(null) as Record<string, Table>;
  notes.forEach((note, index) => {
    const bytes = bodies[index];
    if (note.name in tables) throw new ProtocolError(`two tables are named ${note.name}`);
    if (bytes?.byteLength !== note.bytes) {
      throw new ProtocolError(`table ${note.name}: ${note.bytes} bytes announced, ${bytes?.byteLength ?? 0} arrived`);
    }
    if (crc32(bytes) !== note.crc32)
      throw new ProtocolError(`table ${note.name}: its bytes are not those that were sent`);
    tables[note.name] = decodeTable(bytes, note.name, note.rows);
  });
  return { envelope, tables };
}

/** The value as an envelope, or a ProtocolError that names the field. */
function checkEnvelope(value: unknown): Envelope {
  const type = typeOf(value);
  const check = checks.get(type);
  if (check === undefined) throw new ProtocolError(`a message of unknown type ${JSON.stringify(type)}`);
  if (check.Check(value)) return value as Envelope;
  const [first] = check.Errors(value);
  throw new ProtocolError(`a ${type} message is malformed at ${first?.instancePath || '/'}: ${first?.message ?? ''}`);
}

function typeOf(value: unknown): EnvelopeType | (string & {}) {
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  return String(value.type);
}

function requireAtMost(size: number, limit: number, what: string, unit = ' bytes'): void {
  if (size > limit) throw new ProtocolError(`${what} has ${size}${unit}, more than the ${limit} a message may carry`);
}
