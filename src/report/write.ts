/** A report as a file. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DiskFullError } from '../errors.ts';
import type { ReportData } from './data.ts';
import { renderReport } from './render.ts';

export interface WrittenReport {
  /** Absolute path of the page. */
  readonly file: string;
  readonly bytes: number;
}

/** Renders and writes a page, whole or not at all: under a temporary name first, then renamed. */
export async function writeReport(data: ReportData, file: string): Promise<WrittenReport> {
  const target = resolve(file);
  const partial = `${target}.${process.pid}.partial`;
  const page = renderReport(data);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(partial, page);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new DiskFullError(target, { cause: error });
    }
    throw error;
  }
  return { file: target, bytes: Buffer.byteLength(page) };
}
