/** A report as a file. */
import { resolve } from 'node:path';
import { writeWhole } from '../files.ts';
import type { ReportData } from './data.ts';
import { renderReport } from './render.ts';

export interface WrittenReport {
  /** Absolute path of the page. */
  readonly file: string;
  readonly bytes: number;
}

/** Renders and writes a page, whole or not at all. @throws DiskFullError, UsageError (not permitted) */
export async function writeReport(data: ReportData, file: string): Promise<WrittenReport> {
  const target = resolve(file);
  const page = renderReport(data);
  await writeWhole(target, page);
  return { file: target, bytes: Buffer.byteLength(page) };
}
