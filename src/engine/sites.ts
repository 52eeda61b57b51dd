/** Names of places on a cell. */
import type { CellSnapshot } from '../model/snapshot.ts';

/** `dend[3](0.5)` for a row of the snapshot. */
export function siteName(cell: CellSnapshot, row: number): string {
  const section = cell.sectionNames[cell.section[row] ?? -1] ?? `node ${row}`;
  return `${section}(${Number((cell.x[row] ?? Number.NaN).toPrecision(6))})`;
}
