/** The files in schemas/ are what the TypeBox types say; `npm run schemas` makes them so. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../src/cli/schemas.ts';

const folder = fileURLToPath(new URL('../../schemas/', import.meta.url));
const files = schemaFiles();

test('schemas/ holds exactly the shapes that have a name', () => {
  const present = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(present.sort(), 'run "npm run schemas"').toEqual([...files.keys()].sort());
});

test.each([...files])('%s is up to date', (name, text) => {
  expect(readFileSync(join(folder, name), 'utf8'), 'run "npm run schemas"').toBe(text);
});

test.each([...files])('%s names itself, and only itself', (name, text) => {
  expect(JSON.parse(text)).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: name.replace('.json', ''),
  });
  // A second $id inside a document would begin a new one, against which references resolve differently.
  expect(text.match(/"\$id"/g)).toHaveLength(1);
});
