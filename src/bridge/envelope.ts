/**
 * The messages of the bridge: one closed shape each, told apart by `type`. The JSON Schema of their union,
 * `schemas/Envelope.json`, checks the same messages in Python.
 *
 * A message is a MessagePack map, followed by one Arrow stream a table, in the order of its `tables`.
 *
 * - sidecar: `hello` once; for each call any number of `progress` and `result`, then one `end` or one `error`; `fatal` before
 *   it gives up on a peer it cannot understand.
 * - client: `welcome` once, in answer to a hello it accepts; `call`, `credit`, `cancel`; `shutdown` at the end.
 *
 * Back pressure: a call grants `credit` parts at its start and one more for each part that was consumed; a sidecar whose
 * credit is used up waits. So at most PART_WINDOW parts of a call are under way, however slow the consumer.
 */
import { type Static, Type } from 'typebox';

/** Raised with every change that an older side would not understand. */
export const PROTOCOL_VERSION = 1;
/** Parts of a call that may be under way before the consumer has taken one. */
export const PART_WINDOW = 4;
/** Largest message head (bytes): everything of a message but its tables. */
export const MAX_HEAD_BYTES = 64 * 1024 * 1024;
/** Largest Arrow stream of one table (bytes). */
export const MAX_TABLE_BYTES = 1024 * 1024 * 1024;
/** Most tables in one message. */
export const MAX_TABLES = 64;

const closed = { additionalProperties: false } as const;
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'number of the call' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/**
 * What a message says of one table it carries; the receiver holds the table against it. The checksum comes before Arrow's
 * own reader, which on one flipped byte of its metadata can use up all memory, and it notices memory that was changed
 * while it was being sent.
 */
export const TableNote = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 256 }),
    rows: Count,
    bytes: Count,
    crc32: Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'of the Arrow stream' }),
  },
  closed,
);
export type TableNote = Static<typeof TableNote>;

const Tables = Type.Array(TableNote, { maxItems: MAX_TABLES });

export const Hello = Type.Object(
  {
    type: Type.Literal('hello'),
    protocol: Type.Integer({ minimum: 0 }),
    schemaHash: Sha256,
    token: Type.String({ description: 'given to the child at its start; a stranger does not have it' }),
    kind: Type.String(),
    pid: Type.Integer({ minimum: 1 }),
    versions: Type.Record(Type.String(), Type.String()),
  },
  closed,
);
export const Welcome = Type.Object(
  { type: Type.Literal('welcome'), protocol: Type.Integer({ minimum: 0 }), schemaHash: Sha256 },
  closed,
);
export const Call = Type.Object(
  {
    type: Type.Literal('call'),
    id: Id,
    method: Type.String({ minLength: 1, maxLength: 256 }),
    params: Type.Unknown(),
    credit: Type.Integer({ minimum: 1, maximum: 1024 }),
    tables: Tables,
  },
  closed,
);
export const Credit = Type.Object(
  { type: Type.Literal('credit'), id: Id, parts: Type.Integer({ minimum: 1, maximum: 1024 }) },
  closed,
);
export const Cancel = Type.Object({ type: Type.Literal('cancel'), id: Id }, closed);
export const Shutdown = Type.Object({ type: Type.Literal('shutdown') }, closed);
export const Progress = Type.Object(
  { type: Type.Literal('progress'), id: Id, done: Type.Number(), total: Type.Number(), message: Type.String() },
  closed,
);
export const Result = Type.Object(
  { type: Type.Literal('result'), id: Id, sequence: Count, value: Type.Unknown(), tables: Tables },
  closed,
);
export const End = Type.Object({ type: Type.Literal('end'), id: Id, parts: Count, cancelled: Type.Boolean() }, closed);
export const Failure = Type.Object(
  {
    type: Type.Literal('error'),
    id: Id,
    code: Type.String({ minLength: 1 }),
    message: Type.String(),
    remedy: Type.Union([Type.String(), Type.Null()]),
    details: Type.Record(Type.String(), Type.Unknown()),
    traceback: Type.String(),
  },
  closed,
);
export const Fatal = Type.Object({ type: Type.Literal('fatal'), message: Type.String() }, closed);

export const Envelope = Type.Union(
  [Hello, Welcome, Call, Credit, Cancel, Shutdown, Progress, Result, End, Failure, Fatal],
  {
    $id: 'Envelope',
    description: 'A message between TypeScript and a sidecar.',
    // Not part of any shape, but said once: Python reads them from here.
    'x-protocol': {
      version: PROTOCOL_VERSION,
      maxHeadBytes: MAX_HEAD_BYTES,
      maxTableBytes: MAX_TABLE_BYTES,
      maxTables: MAX_TABLES,
    },
  },
);
export type Envelope = Static<typeof Envelope>;
export type EnvelopeType = Envelope['type'];
/** The message of one type: `EnvelopeOf<'result'>`. */
export type EnvelopeOf<Kind extends EnvelopeType> = Extract<Envelope, { type: Kind }>;
