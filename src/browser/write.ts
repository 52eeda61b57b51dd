/** A page of a running cell as a file. */
import { resolve } from 'node:path';
import { writeWhole } from '../files.ts';
import type { WrittenReport } from '../report/index.ts';
import type { CellPage } from './data.ts';
import { renderCellPage } from './render.ts';

/** Renders and writes a page, whole or not at all. @throws DiskFullError, UsageError (not permitted) */
export async function writeCellPage(data: CellPage, file: string): Promise<WrittenReport> {
  const target = resolve(file);
  const page = await renderCellPage(data);
  await writeWhole(target, page);
  return { file: target, bytes: Buffer.byteLength(page) };
}
