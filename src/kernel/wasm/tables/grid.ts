/** The intervals of a table: a power of 2 of them, so that bits tell what is outside. */

export type Grid = LinearGrid | OctaveGrid;

/** Intervals of equal width. */
export interface LinearGrid {
  readonly kind: 'linear';
  /** Whole numbers, so that rates that change at whole numbers of mV do so between intervals. */
  readonly low: number;
  readonly high: number;
  readonly width: number;
}

/** Equal parts of each octave, taken from a double's bits. */
export interface OctaveGrid {
  readonly kind: 'octaves';
  /** Exponents of 2. */
  readonly low: number;
  readonly high: number;
  /** Parts of an octave, as an exponent of 2. */
  readonly parts: number;
}

export function intervalsOf(grid: Grid): number {
  return grid.kind === 'linear'
    ? Math.round((grid.high - grid.low) / grid.width)
    : (grid.high - grid.low) << grid.parts;
}

/** The number at `u` in an interval, -½ ≤ u ≤ ½. */
export function pointOf(grid: Grid, interval: number, u: number): number {
  if (grid.kind === 'linear') return grid.low + (interval + 0.5 + u) * grid.width;
  const parts = 2 ** grid.parts;
  return 2 ** (grid.low + Math.floor(interval / parts)) * (1 + ((interval % parts) + 0.5 + u) / parts);
}
