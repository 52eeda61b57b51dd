/** How many steps are due: as many as fit, or at a speed that the reader chose. */

export interface Pace {
  /** From now on so many ms of the cell's time a second of the wall's; null: as many as fit. */
  set(msPerSecond: number | null, nowMs: number, steps: number): void;
  /** Steps that should have been taken by `nowMs` (wall). */
  due(nowMs: number, steps: number): number;
}

/** Being further behind than this (ms of wall time) is forgiven: what cannot keep up does not run ahead later. */
const FORGIVEN_MS = 100;

/** @param dt time step (ms) */
export function createPace(dt: number): Pace {
  let perMs: number | null = null;
  let origin = { nowMs: 0, steps: 0 };
  return {
    set(msPerSecond, nowMs, steps) {
      perMs = msPerSecond === null ? null : msPerSecond / 1000 / dt;
      origin = { nowMs, steps };
    },
    due(nowMs, steps) {
      if (perMs === null) return Number.POSITIVE_INFINITY;
      const due = origin.steps + perMs * (nowMs - origin.nowMs);
      if (due - steps <= perMs * FORGIVEN_MS) return due;
      origin = { nowMs, steps };
      return steps + 1;
    },
  };
}
