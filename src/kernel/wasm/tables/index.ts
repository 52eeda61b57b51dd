/**
 * Mode fast: what is a function of the potential or of a concentration alone, and states whose rates are, come from cubic
 * polynomials, a row of them for each interval. They are fitted when a model loads, within a relative error that the caller
 * sets; what does not fit stays as it was.
 */

export type { ChoiceOptions } from './choose.ts';
export { CONSTANTS, compileTables, type PlacedTable, type TableCode } from './code.ts';
export { intervalsOf } from './grid.ts';
export { rowLength, rowsOf, type Table, type Tabulated, tabulate } from './tables.ts';
