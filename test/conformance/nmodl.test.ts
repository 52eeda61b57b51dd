/** Real mechanism files: those that NEURON ships, the twelve of Hay et al. 2011, and our own. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureEnvironment, ensureModelFiles, packageFolder } from '../../env/index.mjs';
import { codeFrame, parse, printMechanism } from '../../src/nmodl/index.ts';
import { bare } from '../fixtures/nmodl-tree.ts';

let files: string[] = [];
beforeAll(async () => {
  const { folder } = await ensureEnvironment('neuron');
  const { mechanisms } = await ensureModelFiles();
  const own = join(packageFolder(), 'python', 'mechanisms');
  const roots = [join(folder, 'lib'), own];
  const below = await Promise.all(
    roots.map((root) => readdir(root, { recursive: true }).then((names) => names.map((name) => join(root, name)))),
  );
  files = [...below.flat().filter((name) => name.endsWith('.mod')), ...mechanisms];
});

test('are read without complaint, and printed they read as the same tree', () => {
  const names = files.map((file) => basename(file));
  for (const expected of [
    'hh.mod',
    'exp2syn.mod',
    'netstim.mod',
    'Ih.mod',
    'CaDynamics_E2.mod',
    'TwincellPlayer.mod',
  ]) {
    expect(names).toContain(expected);
  }
  for (const file of files) {
    const source = { file, text: readFileSync(file, 'utf8') };
    const { mechanism, diagnostics } = parse(source);
    expect(diagnostics.map((one) => codeFrame(source, one))).toEqual([]);
    const again = parse({ file, text: printMechanism(mechanism) });
    expect(bare(again.mechanism)).toEqual(bare(mechanism));
  }
});
