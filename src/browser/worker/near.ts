/** The synapses around a place of the cell. */
import { type CellSnapshot, dendriteRows } from '../../model/snapshot.ts';

/** Excitatory channels of the dendritic segments nearest to a node, as the crow flies. */
export function nearestChannels(cell: CellSnapshot, node: number, count: number): Int32Array {
  const { x, y, z } = cell.position;
  const away = (row: number): number =>
    Math.hypot(
      (x[row] as number) - (x[node] as number),
      (y[row] as number) - (y[node] as number),
      (z[row] as number) - (z[node] as number),
    );
  const rows = dendriteRows(cell);
  const channels = Int32Array.from(rows, (_, channel) => channel);
  return channels.sort((a, b) => away(rows[a] as number) - away(rows[b] as number)).slice(0, count);
}
