/** The passive membrane, `pas`: i = g·(v - e), in mA/cm². */
import type { CellSnapshot } from '../model/snapshot.ts';
import { type Kernel, NUDGE } from './kernel.ts';

/** The nodes of a mechanism, where its parameters are numbers. */
function nodesOf(column: Float64Array): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < column.length; row++) if (!Number.isNaN(column[row])) rows.push(row);
  return Int32Array.from(rows);
}

const ABSENT = new Float64Array(0);

/** `pas` on every node of the snapshot that has it. */
export function createPassiveMembrane(cell: CellSnapshot): Kernel {
  const conductance = cell.parameters.get('pas.g') ?? ABSENT;
  const reversal = cell.parameters.get('pas.e') ?? ABSENT;
  const nodes = nodesOf(conductance);
  const g = Float64Array.from(nodes, (row) => conductance[row] as number);
  const e = Float64Array.from(nodes, (row) => reversal[row] as number);
  const count = nodes.length;
  return {
    name: 'pas',
    initialize() {},
    assemble(v, rhs, d) {
      for (let k = 0; k < count; k++) {
        const node = nodes[k] as number;
        const potential = v[node] as number;
        const above = (g[k] as number) * (potential + NUDGE - (e[k] as number));
        const current = (g[k] as number) * (potential - (e[k] as number));
        rhs[node] = (rhs[node] as number) - current;
        d[node] = (d[node] as number) + (above - current) / NUDGE;
      }
    },
    advance() {},
  };
}
