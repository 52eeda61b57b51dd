/** Our texts of NEURON's built-in mechanisms, under other names beside the originals in NEURON itself: the same to the last bit. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureEnvironment, ensureMechanisms, packageFolder } from '../../env/index.mjs';
import { BUILTIN_MECHANISMS, REFUSED_MECHANISMS } from '../../src/nmodl/builtin/index.ts';
import { codeFrame, parse } from '../../src/nmodl/index.ts';

interface Comparison {
  readonly compared: number;
  readonly differing: number;
  readonly moved: number;
}

const PREFIX = 'Ours';
let folder: string;
let results: Readonly<Record<string, Comparison>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-builtins-'));
  const modFiles: string[] = [];
  for (const [name, text] of BUILTIN_MECHANISMS) {
    const file = join(folder, `${PREFIX}${name}.mod`);
    await writeFile(file, text.replace(/\b(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL) (\w+)/, `$1 ${PREFIX}$2`));
    modFiles.push(file);
  }
  const environment = await ensureEnvironment('neuron');
  const { library } = await ensureMechanisms({ modFiles, environment });
  const script = join(packageFolder(), 'test', 'fixtures', 'builtins_neuron.py');
  const { stdout } = await promisify(execFile)(environment.python, [script, library, PREFIX], { cwd: folder });
  // NEURON prints warnings of its own before and after.
  results = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '{}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([...BUILTIN_MECHANISMS.keys()])(
  '%s is read without complaint and does in NEURON what NEURON’s own does',
  (name) => {
    const source = { file: `${name}.mod`, text: BUILTIN_MECHANISMS.get(name) ?? '' };
    expect(parse(source).diagnostics.map((one) => codeFrame(source, one))).toEqual([]);
    const { compared, differing, moved } = results[name] ?? { compared: 0, differing: 0, moved: 0 };
    expect(compared).toBeGreaterThan(100);
    expect(moved).toBeGreaterThan(compared / 4);
    expect(differing).toBe(0);
  },
);

test('what cannot be a mechanism of ours is named with its reason', () => {
  for (const name of ['extracellular', 'PatternStim']) {
    expect(BUILTIN_MECHANISMS.has(name)).toBe(false);
    expect(REFUSED_MECHANISMS.get(name)).toContain(name);
  }
});
