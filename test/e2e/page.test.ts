/** `twincell page`, run as a user runs it. What the page then does, test/browser/live.test.ts sees. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveModel } from '../../src/model/index.ts';
import { twincell } from '../fixtures/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-page-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('one file that names no place on this machine and has none of the model’s text', async () => {
  const out = join(folder, 'cell.html');
  const { code, json, stdout } = await twincell(['page', '--out', out, '--json']);
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(json).toMatchObject({ command: 'page', page: out, bytes: (await stat(out)).size });
  const page = await readFile(out, 'utf8');
  const { morphology, mechanisms } = await resolveModel({ model: 'l5pc-bbp' });
  for (const file of [...mechanisms, ...(morphology === null ? [] : [morphology])]) {
    expect(page.includes(file), file).toBe(false);
    // The longest line is the file's own, were it copied.
    const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
    const longest = lines.reduce((a, b) => (b.length > a.length ? b : a), '');
    expect(longest.length).toBeGreaterThan(20);
    expect(page.includes(longest), longest).toBe(false);
  }
  expect(page.match(/(?:src|href)="(?!#|data:)[^"]*"/)).toBeNull();
  const again = join(folder, 'again.html');
  await twincell(['page', '--out', again]);
  expect((await readFile(again, 'utf8')) === page, 'the same bytes again').toBe(true);
});

test('what is missing, wrong or in the way is said, and nothing is left behind', async () => {
  expect(await twincell(['page'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--out') });
  const unknown = await twincell(['page', '--model', 'l6pc', '--out', join(folder, 'a.html')]);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('l6pc') });
  await writeFile(join(folder, 'file'), '');
  const inFile = await twincell(['page', '--passive', '--out', join(folder, 'file', 'b.html')]);
  expect(inFile).toMatchObject({ code: 2, stderr: expect.stringContaining('b.html') });
  expect((await readdir(folder)).filter((name) => !['cell.html', 'again.html', 'file'].includes(name))).toEqual([]);
});
