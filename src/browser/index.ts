/**
 * A cell as a page that computes it: the solver, compiled to WebAssembly in the reader's browser, in a worker, drawn as it
 * goes. `worker/` and `page/` run there; the rest writes the page.
 *
 * ```ts
 * await writeCellPage({ model: 'l5pc-bbp', title, cell, seed: 1, condition: 'NMDA', licences }, 'cell.html');
 * ```
 */
export type { CellPage } from './data.ts';
export type { RunnableCell } from './payload.ts';
export { renderCellPage } from './render.ts';
export { writeCellPage } from './write.ts';
