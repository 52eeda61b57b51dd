/** The window that NEURON's sidecar recorded, as a record. */
import type { Table } from 'apache-arrow';
import { float64Column, tableNamed } from '../bridge/index.ts';
import { ProtocolError } from '../errors.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { ionVariableName, mechanismVariableName } from './everything.ts';
import type { RecordResult } from './protocol.ts';
import { siteName } from './sites.ts';
import type { RecordedVariable, VariableKind, WindowRecord } from './window.ts';

interface Part {
  readonly value: RecordResult;
  readonly tables: Readonly<Record<string, Table>>;
}

/** Joins the parts of a window. */
export async function windowOf(
  snapshot: CellSnapshot,
  firstStep: number,
  parts: AsyncIterable<Part>,
): Promise<WindowRecord> {
  let groups: RecordResult['groups'] = [];
  const times: Float64Array[] = [];
  const samples: Float64Array[] = [];
  for await (const { value, tables } of parts) {
    if (value.groups.length > 0) groups = value.groups;
    times.push(column(tables, 'times', 't'));
    samples.push(column(tables, 'samples', 'value'));
  }
  const record = {
    firstStep,
    timesMs: join(times),
    variables: groups.flatMap((group) => variablesOf(group, snapshot)),
    samples: join(samples),
  };
  if (record.samples.length !== record.variables.length * record.timesMs.length) {
    throw new ProtocolError(
      `a window of ${record.timesMs.length} steps of ${record.variables.length} variables came with ${record.samples.length} numbers`,
    );
  }
  return record;
}

function column(tables: Part['tables'], table: string, name: string): Float64Array {
  return float64Column(tableNamed(tables, table), name);
}

function join(arrays: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined;
}

/** What NEURON does not tell (what kind a mechanism's variable is, and who writes it) the other engine's record knows. */
function variablesOf(group: RecordResult['groups'][number], snapshot: CellSnapshot): RecordedVariable[] {
  const { kind, owner, variable, length, rows } = group;
  const mechanism = kind === 'instance' || kind === 'global' ? owner : null;
  const seen = new Map<number, number>();
  return rows.flatMap((row) => {
    const instance = seen.get(row) ?? 0;
    seen.set(row, instance + 1);
    return Array.from({ length }, (_, element) => ({
      name: nameOf(group, element),
      kind: kindOf(kind, variable),
      mechanism,
      writers: mechanism === null ? [] : [mechanism],
      order: -1,
      node: row,
      instance: kind === 'instance' ? instance : null,
      site: row < 0 ? '' : siteName(snapshot, row),
    }));
  });
}

function nameOf({ kind, owner, variable, length }: RecordResult['groups'][number], element: number): string {
  if (kind === 'v') return 'v';
  return kind === 'ion' ? ionVariableName(owner, variable) : mechanismVariableName(owner, variable, length, element);
}

function kindOf(kind: string, variable: string): VariableKind {
  if (kind === 'v') return 'voltage';
  if (kind !== 'ion') return 'assigned';
  return variable === 'current' || variable === 'slope' ? variable : 'concentration';
}
