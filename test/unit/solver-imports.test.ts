import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';

/** Modules of packages and of Node that a file needs at run time, itself or through what it imports. */
async function runtimeImports(file: string, seen = new Set<string>()): Promise<Set<string>> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  const source = await readFile(file, 'utf8');
  for (const [statement, from] of source.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';/gms)) {
    if (from === undefined || /^(?:import|export) type\b/.test(statement)) continue;
    if (!from.startsWith('.')) packages.add(from);
    else for (const name of await runtimeImports(join(dirname(file), from), seen)) packages.add(name);
  }
  return packages;
}

test('a cell is imported without Node, the file system or Python', async () => {
  const packages = await runtimeImports(join(packageFolder(), 'src', 'model', 'import.ts'));
  expect([...packages].filter((name) => name !== 'typebox')).toEqual([]);
});

test('the solver needs neither Node nor the bridge, so that it runs in a browser', async () => {
  const seen = new Set<string>();
  const packages = await runtimeImports(join(packageFolder(), 'src', 'solver', 'index.ts'), seen);
  const rooms = new Set([...seen].map((file) => relative(join(packageFolder(), 'src'), file).split('/')[0]));
  expect(rooms).toEqual(new Set(['solver', 'nmodl', 'kernel', 'libm', 'model', 'errors.ts']));
  expect([...packages]).toEqual(['typebox']);
});

test('what a page of a running cell loads needs no package and nothing of Node', async () => {
  const rooms = new Set<string | undefined>();
  for (const entry of ['page', 'worker']) {
    const seen = new Set<string>();
    const packages = await runtimeImports(join(packageFolder(), 'src', 'browser', entry, 'main.ts'), seen);
    expect([...packages]).toEqual([]);
    for (const file of seen) rooms.add(relative(join(packageFolder(), 'src'), file).split('/')[0]);
  }
  // No compiler, no models' files, no bridge.
  const expected = [
    'browser',
    'report',
    'engine',
    'solver',
    'kernel',
    'libm',
    'model',
    'stimulus',
    'experiment',
    'errors.ts',
  ];
  expect(rooms).toEqual(new Set(expected));
});
