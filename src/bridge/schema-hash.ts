/** What the two sides compare to know that they mean the same: one hash over all schema files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * sha256 over name and text of every `.json` file of the folder, by name. `twincell_sidecar/schemas.py` computes the same.
 */
export function schemaHash(folder: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of names.sort()) {
    const text = readFileSync(join(folder, name));
    hash.update(`${name} ${createHash('sha256').update(text).digest('hex')}\n`);
  }
  return hash.digest('hex');
}
