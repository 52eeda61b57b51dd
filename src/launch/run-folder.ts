/**
 * What a run leaves in its folder, so that its report can be made again without running anything:
 *
 * - experiment.json, summary.json (what was asked, what came out, how long each step took)
 * - data/ (the data set), cell.json (the tree, for drawing)
 * - crosscheck.json, crosscheck.arrow (the verdict; the soma of the first trial on both engines)
 * - twin.safetensors, training.json, evaluation.json, prediction-N.arrow (one a test trial)
 * - report.html
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Table, tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { DatasetError } from '../errors.ts';
import { writeWhole } from '../files.ts';

/** Writes JSON for people and programs alike. */
export async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeWhole(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Reads what {@link writeJson} wrote, or null where it is not there. */
export async function readJson<T>(folder: string, name: string): Promise<T | null> {
  const path = join(folder, name);
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (cause) {
    throw new DatasetError('not JSON', { path, cause, remedy: 'Run the experiment again into this folder.' });
  }
}

/** Arrays of one length, bit for bit. */
export type Columns = Readonly<Record<string, Float64Array | Float32Array>>;

export async function writeColumns(folder: string, name: string, columns: Columns): Promise<void> {
  await writeWhole(join(folder, name), tableToIPC(tableFromArrays({ ...columns }), 'file'));
}

/** Reads what {@link writeColumns} wrote, or null where it is not there. */
export async function readColumns(folder: string, name: string): Promise<Columns | null> {
  const path = join(folder, name);
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  let table: Table;
  try {
    table = tableFromIPC(bytes);
  } catch (cause) {
    throw new DatasetError('not an Arrow file', { path, cause, remedy: 'Run the experiment again into this folder.' });
  }
  return Object.fromEntries(table.schema.fields.map(({ name: column }) => [column, table.getChild(column)?.toArray()]));
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new DatasetError('cannot be read', { path, cause });
  }
}
