/**
 * Mode fast: states whose rates depend on the potential alone are moved on by cubic polynomials, a row of them for each interval
 * of the potential. They are fitted when a model loads, within a relative error that the caller sets; what does not fit stays
 * as it was.
 */
export { CONSTANTS, compileTables, type PlacedTable, rowLength, type TableCode } from './code.ts';
export { type Grid, intervalsOf } from './fit.ts';
export { onlyStates, withoutStates } from './separate.ts';
export { type KindTable, type TableOptions, tableOf } from './tables.ts';
