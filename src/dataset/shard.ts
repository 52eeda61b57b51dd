/**
 * One trial on disk: an Arrow IPC file with one row. Lists hold the arrays, so that any Arrow reader opens it.
 *
 * | column | type | content |
 * |---|---|---|
 * | trial | int32 | index of the trial |
 * | eventChannel, eventTime | list of int32, float64 | presynaptic events; 0..D-1 excitatory, D..2D-1 inhibitory; ms |
 * | somaHigh, nexusHigh | list of float32 | mV, 8 samples/ms, sample k at k/8 ms |
 * | soma, nexus | list of float32 | mV, 1 sample/ms |
 * | dendrites | list of float32 or float16 | mV, 1 sample/ms, all of segment 0, then all of segment 1, … |
 * | spikes | list of float64 | peaks of the soma voltage above -25 mV (ms) |
 */
import {
  type DataType,
  Field,
  Float16,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  tableFromIPC,
} from 'apache-arrow';
import { DatasetError } from '../errors.ts';
import { sha256 } from '../experiment/identity.ts';
import type { EventTable } from '../stimulus/events.ts';

/** Samples per ms of the fine traces. */
export const HIGH_RATE = 8;

/** One trial in memory. Voltages in mV, times in ms; T is the length in ms, D the number of dendritic segments. */
export interface TrialRecord {
  readonly trial: number;
  readonly durationMs: number;
  readonly events: EventTable;
  readonly somaHigh: Float32Array;
  readonly nexusHigh: Float32Array;
  readonly soma: Float32Array;
  readonly nexus: Float32Array;
  /** Segment-major, D × T; absent when the experiment does not record it. */
  readonly dendrites?: Float32Array | Uint16Array;
  readonly spikes: Float64Array;
}

const FORMAT = 'twincell-trial/1';

/** The bytes of a trial's file: a pure function of the trial. */
export function encodeTrial(record: TrialRecord): Uint8Array {
  const columns: [string, ReturnType<typeof makeData>][] = [
    ['trial', makeData({ type: new Int32(), data: Int32Array.of(record.trial) })],
    ['eventChannel', listOf(new Int32(), record.events.channel)],
    ['eventTime', listOf(new Float64(), record.events.time)],
    ['somaHigh', listOf(new Float32(), record.somaHigh)],
    ['nexusHigh', listOf(new Float32(), record.nexusHigh)],
    ['soma', listOf(new Float32(), record.soma)],
    ['nexus', listOf(new Float32(), record.nexus)],
  ];
  const { dendrites } = record;
  if (dendrites instanceof Float32Array) columns.push(['dendrites', listOf(new Float32(), dendrites)]);
  else if (dendrites !== undefined) columns.push(['dendrites', listOf(new Float16(), dendrites)]);
  columns.push(['spikes', listOf(new Float64(), record.spikes)]);
  const schema = new Schema(
    columns.map(([name, data]) => new Field(name, data.type, false)),
    new Map([
      ['format', FORMAT],
      ['dendrites', String(record.events.dendrites)],
      ['trialMs', String(record.durationMs)],
    ]),
  );
  const struct = makeData({
    type: new Struct(schema.fields),
    length: 1,
    nullCount: 0,
    children: columns.map(([, data]) => data),
  });
  const table = new Table(schema, [new RecordBatch(schema, struct)]);
  return RecordBatchFileWriter.writeAll(table).toUint8Array(true);
}

/** A trial's file, and what a data set says of it. */
export interface EncodedTrial {
  readonly trial: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Numbers of presynaptic events and of output spikes. */
  readonly events: number;
  readonly spikes: number;
}

export function encodeShard(record: TrialRecord): EncodedTrial {
  const bytes = encodeTrial(record);
  const { trial, events, spikes } = record;
  return { trial, bytes, sha256: sha256(bytes), events: events.time.length, spikes: spikes.length };
}

function listOf(type: DataType, data: Int32Array | Float32Array | Float64Array | Uint16Array) {
  const child = makeData({ type, data, length: data.length, nullCount: 0 } as Parameters<typeof makeData>[0]);
  return makeData({
    type: new List(new Field('item', type, false)),
    length: 1,
    nullCount: 0,
    valueOffsets: Int32Array.of(0, data.length),
    child,
  });
}

/**
 * Reads the bytes of a trial's file.
 * @throws DatasetError where they are not a trial
 */
export function decodeTrial(bytes: Uint8Array, path: string): TrialRecord {
  let table: Table;
  try {
    table = tableFromIPC(bytes);
  } catch (cause) {
    throw new DatasetError('not an Arrow file', { path, cause, remedy: REMEDY });
  }
  const { metadata } = table.schema;
  if (metadata.get('format') !== FORMAT || table.numRows !== 1) {
    const found = `format ${metadata.get('format') ?? 'none'}, ${table.numRows} rows`;
    throw new DatasetError(`expected one trial in format ${FORMAT}, found ${found}`, { path, remedy: REMEDY });
  }
  const column = (name: string): unknown => {
    const child = table.getChild(name)?.data[0]?.children[0];
    // Buffers are padded to eight bytes; the length is the child's.
    return child?.values?.subarray(child.offset, child.offset + child.length);
  };
  const typed = <A>(name: string, type: new (...a: never[]) => A): A => {
    const values = column(name);
    if (!(values instanceof type)) throw new DatasetError(`column ${name} is missing`, { path, remedy: REMEDY });
    return values;
  };
  const dendrites = column('dendrites');
  return {
    trial: Number(table.getChild('trial')?.get(0)),
    durationMs: Number(metadata.get('trialMs')),
    events: {
      dendrites: Number(metadata.get('dendrites')),
      channel: typed('eventChannel', Int32Array),
      time: typed('eventTime', Float64Array),
    },
    somaHigh: typed('somaHigh', Float32Array),
    nexusHigh: typed('nexusHigh', Float32Array),
    soma: typed('soma', Float32Array),
    nexus: typed('nexus', Float32Array),
    ...(dendrites instanceof Float32Array || dendrites instanceof Uint16Array ? { dendrites } : {}),
    spikes: typed('spikes', Float64Array),
  };
}

const REMEDY = 'Run `twincell dataset verify` on the folder; running the simulation again replaces what is damaged.';
