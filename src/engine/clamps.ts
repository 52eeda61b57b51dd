/** Where a current clamp stands in a cell, and what is wrong with one. */
import { UsageError } from '../errors.ts';
import { type CellSnapshot, compartmentRows } from '../model/snapshot.ts';
import type { ClampSite, CurrentClamp } from './engine.ts';

/**
 * Row of the snapshot that a clamp injects into.
 * @throws UsageError where there is no such compartment, or the step of current cannot be
 */
export function clampRow(cell: CellSnapshot, clamp: CurrentClamp): number {
  const { delayMs, durationMs, amplitudeNa } = clamp;
  if (!(delayMs >= 0 && durationMs >= 0 && Number.isFinite(delayMs + durationMs + amplitudeNa))) {
    throw new UsageError(
      `a current clamp needs a delay and a duration of 0 ms or more and a finite amplitude, not ${delayMs} ms, ${durationMs} ms, ${amplitudeNa} nA`,
    );
  }
  return siteRow(cell, clamp.site);
}

/** Row of a place: of the segment that holds it, as NEURON's `section(x)` finds it. */
function siteRow(cell: CellSnapshot, site: ClampSite): number {
  if (site === 'soma') return cell.somaNode;
  if (site === 'nexus') return cell.nexusNode;
  const compartments = compartmentRows(cell);
  if (typeof site === 'number') {
    const row = compartments[site];
    if (row !== undefined) return row;
    throw new UsageError(`there is no compartment ${site}; the cell has 0 to ${compartments.length - 1}`);
  }
  const section = cell.sectionNames.indexOf(site.section);
  if (section < 0) throw new UsageError(`the cell has no section ${site.section}`);
  // A section's ends are nodes without membrane; NEURON would put the clamp there, and nothing records there.
  if (!(site.x > 0 && site.x < 1)) {
    throw new UsageError(`${site.section}(${site.x}): x lies between 0 and 1, the ends not included`);
  }
  const own = compartments.filter((row) => cell.section[row] === section);
  const segment = Math.min(own.length - 1, Math.floor(site.x * own.length));
  return own.find((row) => cell.segment[row] === segment) as number;
}
