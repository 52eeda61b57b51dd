/**
 * A run as one HTML page a person can look at. The page stands alone: it holds its data, draws the cell and the plots
 * itself and opens no connection. `renderReport` is a pure function of plain data, `writeReport` puts its text into a file.
 *
 * ```ts
 * await writeReport({ identity, cell: cellView(card.name, snapshot), movie }, 'out/report.html');
 * ```
 */
export {
  type CellView,
  type CrosscheckView,
  cellView,
  type Identity,
  type InputRaster,
  type Licence,
  type Prediction,
  type ReportData,
  type RocCurve,
  type SimulatedBy,
  type SomaScore,
  type Summary,
  type TwinMetrics,
  type TwinView,
  type VoltageMovie,
} from './data.ts';
export { navigation, renderDocument } from './document.ts';
export { type FolderPage, type FolderPart, type FolderRow, renderFolderPage } from './folder-page.ts';
export { Html, html, jsonForScript } from './html.ts';
export { pageStyle, plotLibrary, scriptText } from './inline.ts';
export { cellPayload } from './payload.ts';
export { renderReport } from './render.ts';
export { facts, number, plot, type Section, section, table, tile } from './sections/parts.ts';
export { type WrittenReport, writeReport } from './write.ts';
