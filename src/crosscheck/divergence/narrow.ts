/** Finding the window in which two engines part, when only their potentials were compared so far. */
import type { WindowRecord } from '../../engine/window.ts';
import { type FirstDivergence, type LocateOptions, locateDivergence } from './locate.ts';
import { pairRecords } from './record.ts';

/** Records everything on both sides from `firstStep` to `lastStep`, both included. */
export type RecordBoth = (
  firstStep: number,
  lastStep: number,
) => Promise<{ readonly reference: WindowRecord; readonly other: WindowRecord }>;

export interface Located {
  readonly divergence: FirstDivergence | null;
  /** The last window that was recorded. */
  readonly firstStep: number;
  readonly lastStep: number;
  readonly unpaired: readonly string[];
}

/** Steps recorded before the one at which the potentials differ. */
const WINDOW = 40;
/** A window is moved back at most so often while the engines differ at its very start. */
const MOVES = 3;

/**
 * Looks in the window that ends at `suspect`, the first step at which a potential differs; where variables differ already
 * at its start, looks further back, in windows twice as far away each time.
 */
export async function narrow(suspect: number, record: RecordBoth, options: LocateOptions = {}): Promise<Located> {
  let lastStep = suspect;
  let found: Located = { divergence: null, firstStep: suspect, lastStep: suspect, unpaired: [] };
  for (let move = 0, length = WINDOW; move <= MOVES; move++, length *= 2) {
    const firstStep = Math.max(0, lastStep - length);
    const { reference, other } = await record(firstStep, lastStep);
    const paired = pairRecords(reference, other);
    const divergence = locateDivergence(paired, options);
    // Nothing in an earlier window: they part between the two, at the start of the later one.
    if (divergence === null && found.divergence !== null) return found;
    found = { divergence, firstStep, lastStep, unpaired: paired.unpaired };
    if (divergence === null || !divergence.atWindowStart) return found;
    lastStep = firstStep;
  }
  return found;
}
