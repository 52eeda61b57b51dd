/** Taking a call's answer apart: its one part, and the tables that came with it. */
import type { Table } from 'apache-arrow';
import { ProtocolError } from '../errors.ts';
import type { Part } from './types.ts';

/**
 * The first part of a call that answers with one.
 * @param method its name
 */
export async function firstPart<Value>(parts: AsyncIterable<Part<Value>>, method: string): Promise<Part<Value>> {
  for await (const part of parts) return part;
  throw new ProtocolError(`the sidecar answered ${method} with nothing`);
}

/** A table that an answer must carry. */
export function tableNamed(tables: Part['tables'], name: string): Table {
  const table = tables[name];
  if (table === undefined) throw new ProtocolError(`the answer carries no table ${name}`);
  return table;
}
