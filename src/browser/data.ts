/** What a page of a running cell is made from, as plain data. */
import type { Licence } from '../report/index.ts';
import type { RunnableCell } from './payload.ts';

export interface CellPage {
  /** The model's name and its title in words. */
  readonly model: string;
  readonly title: string;
  readonly cell: RunnableCell;
  /** On how many compartments each of the cell's mechanisms is. */
  readonly placed: readonly number[];
  /** What the page starts with. */
  readonly seed: number;
  /** The condition in words: `NMDA`, `passive`. */
  readonly condition: string;
  /** Whose model it is, and on what terms its files are used. */
  readonly licences: readonly Licence[];
}
