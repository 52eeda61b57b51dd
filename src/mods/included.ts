/** INCLUDE on this machine: the file that is named, beside the one that names it. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Source } from '../nmodl/index.ts';

/**
 * An INCLUDEd file, which stands beside the one that includes it, be that a `.mod` file or an included one; null where there is none.
 * @param name as written
 * @param from what includes it
 * @param folder what the path of `from` is relative to; the working folder unless given
 */
export function readIncluded(name: string, from: Source, folder = ''): Source | null {
  const file = join(dirname(from.file), name);
  try {
    return { file, text: readFileSync(resolve(folder, file), 'utf8') };
  } catch {
    return null;
  }
}
