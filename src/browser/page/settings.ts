/** What the page's own script is told; written by `render.ts`. */
import type { CellPayload } from '../../report/page/payload.ts';

export interface PageSettings {
  readonly model: string;
  readonly seed: number;
  /** Time step (ms). */
  readonly dt: number;
  /** Length of a trial (ms). */
  readonly durationMs: number;
  readonly drawing: CellPayload;
}
