/** Between the sidecar's Arrow tables and an engine's arrays. */
import { makeVector, Table, type Vector } from 'apache-arrow';
import { float64Column, int32Column, stringColumn, tableNamed } from '../bridge/index.ts';
import { ProtocolError } from '../errors.ts';
import type { CellSnapshot, SectionType } from '../model/snapshot.ts';
import type { EventTable } from '../stimulus/events.ts';
import type { VoltageBlock } from './engine.ts';
import type { BlockResult, DescribeResult } from './protocol.ts';

type Tables = Readonly<Record<string, Table>>;

export function eventsTable(events: EventTable): Table {
  const { channel, time, weight } = events;
  const columns: Record<string, Vector> = { channel: makeVector(channel.slice()), time: makeVector(time.slice()) };
  if (weight !== undefined) columns.weight = makeVector(weight.slice());
  return new Table(columns);
}

export function blockOf(trial: number, result: BlockResult, tables: Tables): VoltageBlock {
  const { recording, firstSample, samples, sites, last } = result;
  const values = float64Column(tableNamed(tables, 'voltage'), 'v');
  if (values.length !== samples * sites) {
    throw new ProtocolError(`a block of ${samples} × ${sites} samples arrived with ${values.length} values`);
  }
  return { trial, recording, firstSample, samples, sites, values, last };
}

export function snapshotOf(result: DescribeResult, tables: Tables): CellSnapshot {
  const table = tableNamed(tables, 'snapshot');
  const float = (name: string) => float64Column(table, name);
  const int = (name: string) => int32Column(table, name);
  const { celsius, vInit, mechanismOrder, sectionNames, somaNode, nexusNode } = result;
  return {
    celsius,
    vInit,
    mechanismOrder,
    nodes: table.numRows,
    sectionNames,
    section: int('section'),
    sectionType: stringColumn(table, 'sectionType').map(sectionType),
    segment: int('segment'),
    x: float('x'),
    parent: int('parent'),
    length: float('length'),
    diameter: float('diameter'),
    area: float('area'),
    axialA: float('axialA'),
    axialB: float('axialB'),
    axialResistance: float('axialResistance'),
    cm: float('cm'),
    pathDistance: float('pathDistance'),
    dendrite: int('dendrite'),
    position: { x: float('positionX'), y: float('positionY'), z: float('positionZ') },
    parameters: parametersOf(table),
    somaNode,
    nexusNode,
  };
}

/** Columns `mechanism.parameter`; missing values become NaN. */
function parametersOf(table: Table): Map<string, Float64Array> {
  const parameters = new Map<string, Float64Array>();
  for (const { name } of table.schema.fields) {
    const column = name.includes('.') ? table.getChild(name) : null;
    if (column !== null)
      parameters.set(
        name,
        Float64Array.from(column, (value: number | null) => value ?? Number.NaN),
      );
  }
  return parameters;
}

const SECTION_TYPES: readonly string[] = ['soma', 'axon', 'basal', 'apical', 'other'] satisfies SectionType[];

function sectionType(name: string): SectionType {
  if (!SECTION_TYPES.includes(name)) throw new ProtocolError(`${name} is not a type of section`);
  return name as SectionType;
}
