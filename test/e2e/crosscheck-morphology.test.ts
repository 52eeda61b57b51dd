/** `twincell crosscheck --morphology` as a user runs it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { twincell } from '../fixtures/cli.ts';

const GOOD = join(packageFolder(), 'examples', 'own-model', 'small', 'small.asc');
let folder: string;
let cut: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-crosscheck-'));
  cut = join(folder, 'cut.asc');
  await writeFile(cut, '( (Dendrite)\n  (0 0 0 1)\n  (0 9 0 1)\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file whose import agrees ends with 0 and says how many sections it has', async () => {
  const { code, json, orphans } = await twincell(['crosscheck', '--morphology', GOOD, '--json']);
  expect(code).toBe(0);
  expect(orphans).toEqual([]);
  expect(json).toMatchObject({
    command: 'crosscheck',
    status: 'agrees',
    morphologies: [{ file: GOOD, status: 'agrees', neuron: 'imported', bitEqual: true, maxAreaDifference: 0 }],
  });
});

test('a file cut off is refused with its line, beside one that agrees', async () => {
  const { code, stdout } = await twincell(['crosscheck', '--morphology', GOOD, cut]);
  expect(code).toBe(2);
  expect(stdout).toContain(`refused: ${cut}:3: expected ")", found the end of the file`);
  expect(stdout).toMatch(/small\.asc +│ agrees/);
});

test('a file that is not there is refused by name', async () => {
  const { code, json } = await twincell(['crosscheck', '--morphology', join(folder, 'none.swc'), '--json']);
  expect(code).toBe(2);
  expect(JSON.stringify(json)).toContain('none.swc');
});
