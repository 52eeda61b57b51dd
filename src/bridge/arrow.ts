/**
 * Tables on the wire: uncompressed Arrow IPC streams (LZ4 written from JavaScript was not readable by pyarrow). Columns of
 * float64 come out as views on the bytes that arrived, without a copy.
 */
import { Float64, makeData, makeVector, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { ProtocolError } from '../errors.ts';

/** One table as an Arrow IPC stream in memory of its own, which nobody changes afterwards. */
export function encodeTable(table: Table): Uint8Array {
  return tableToIPC(table, 'stream');
}

/** Reads an Arrow IPC stream; columns share its memory. A shorter table than announced is an error: a cut stream is one. */
export function decodeTable(bytes: Uint8Array, name: string, rows: number): Table {
  let table: Table;
  try {
    table = tableFromIPC(bytes);
  } catch (cause) {
    throw new ProtocolError(`table ${name} is not an Arrow stream: ${reason(cause)}`, { cause });
  }
  if (table.numRows !== rows) {
    throw new ProtocolError(`table ${name} was announced with ${rows} rows and arrived with ${table.numRows}`);
  }
  return table;
}

/** A table of float64 columns over the given arrays, which it does not copy. All have the same length. */
export function makeFloat64Table(columns: Readonly<Record<string, Float64Array<ArrayBuffer>>>): Table {
  const names = Object.keys(columns);
  const lengths = new Set(names.map((name) => columns[name]?.length ?? 0));
  if (lengths.size > 1) {
    throw new ProtocolError(`columns ${names.join(', ')} differ in length: ${[...lengths].join(', ')}`);
  }
  return new Table(
    Object.fromEntries(
      Object.entries(columns).map(([name, data]) => [name, makeVector(makeData({ type: new Float64(), data }))]),
    ),
  );
}

/** The values of a float64 column: a view on the table's memory where the column is one piece, else a copy. */
export function float64Column(table: Table, name: string): Float64Array {
  return numbersOf(table, name, Float64Array, 'float64');
}

/** The values of a float32 column, as a view where possible. */
export function float32Column(table: Table, name: string): Float32Array {
  return numbersOf(table, name, Float32Array, 'float32');
}

/** The values of an int32 column, as a view where possible. */
export function int32Column(table: Table, name: string): Int32Array {
  return numbersOf(table, name, Int32Array, 'int32');
}

/** The values of a column of strings (plain or dictionary encoded). */
export function stringColumn(table: Table, name: string): string[] {
  return Array.from(columnOf(table, name), (value: unknown) => {
    if (typeof value !== 'string') throw new ProtocolError(`column ${name}: expected strings, found ${typeof value}`);
    return value;
  });
}

function numbersOf<T>(table: Table, name: string, expected: new () => T, typeName: string): T {
  const column = columnOf(table, name);
  const values: unknown = column.toArray();
  if (values instanceof expected) return values;
  throw new ProtocolError(`column ${name}: expected ${typeName}, found ${String(column.type)}`);
}

function columnOf(table: Table, name: string) {
  const column = table.getChild(name);
  if (column === null) {
    const names = table.schema.fields.map((field) => field.name);
    throw new ProtocolError(`the table has no column ${name}, only ${names.join(', ')}`);
  }
  if (column.nullCount > 0) throw new ProtocolError(`column ${name} has ${column.nullCount} missing values`);
  return column;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
