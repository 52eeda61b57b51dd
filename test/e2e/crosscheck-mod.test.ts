/** `twincell crosscheck --mod` and `twincell crosscheck DIR`, run as a user runs them, on the real NEURON. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';
import { factsOf, standardProbes } from '../../src/crosscheck/mechanism/index.ts';
import { twincell } from '../fixtures/cli.ts';

const CORPUS = join(packageFolder(), 'test', 'conformance', 'mod');
/** A file that the compiler refuses: the line is the statement's own. */
const REFUSED = `NEURON {
  SUFFIX borrower
  NONSPECIFIC_CURRENT i
  EXTERNAL lent_lender
}
ASSIGNED { v (mV) i (mA/cm2) lent_lender }
BREAKPOINT { i = 1e-4 * (v + lent_lender) }
`;
const LENDER = 'NEURON { SUFFIX lender GLOBAL lent }\nPARAMETER { lent = 60 }\n';
/** A ball and a stick. */
const SWC = '1 1 0 0 0 5 -1\n2 1 5 0 0 5 1\n3 3 10 0 0 1 2\n4 3 60 0 0 0.5 3\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-mods-'));
  await mkdir(join(folder, 'model', 'mechanisms'), { recursive: true });
  await cp(join(CORPUS, 'cnexp_forms.mod'), join(folder, 'model', 'mechanisms', 'cnexp forms.mod'));
  await writeFile(join(folder, 'model', 'cell.swc'), SWC);
  await writeFile(join(folder, 'borrower.mod'), REFUSED);
  await writeFile(join(folder, 'lender.mod'), LENDER);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('crosscheck --mod', () => {
  test('says for each file what came of it: agreement, refusal with construct and line, nothing done', async () => {
    const files = [join(folder, 'model', 'mechanisms', 'cnexp forms.mod'), 'borrower.mod', 'lender.mod'];
    const { code, json, stdout, orphans } = await twincell(['crosscheck', '--mod', ...files, '--json'], {
      cwd: folder,
    });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(json.mechanisms).toMatchObject([
      { mechanism: 'cnexp_forms', status: 'agrees', effects: expect.arrayContaining(['state', 'voltage']) },
      {
        mechanism: 'borrower',
        status: 'refused',
        refused: { construct: expect.stringContaining('lent_lender'), line: 7 },
      },
      { mechanism: 'lender', status: 'inert' },
    ]);
    expect(code).toBe(1);
    expect(orphans).toEqual([]);
  });

  test('knows NEURON’s own mechanisms by name, and takes a protocol of one’s own', async () => {
    const [first] = standardProbes(factsOf('hh', 'NEURON { SUFFIX hh }', () => null));
    const file = join(folder, 'protocol.json');
    await writeFile(file, JSON.stringify([{ name: 'short', probe: { ...first?.probe, steps: 200 } }]));
    const { code, json } = await twincell(['crosscheck', '--mod', 'hh', '--protocol', file, '--json']);
    expect(json).toMatchObject({ status: 'agrees', mechanisms: [{ probes: [{ name: 'short', status: 'agrees' }] }] });
    expect(code).toBe(0);
  });

  test.each([
    ['a file that is not there', ['--mod', 'nowhere.mod'], 'nowhere.mod'],
    ['a protocol that is not there', ['--mod', 'hh', '--protocol', 'nowhere'], 'standard, quick'],
    ['an option that would change nothing', ['--mod', 'hh', '--order', '2', '--bitwise'], '--order and --bitwise'],
    ['a protocol for a cell, which has none', ['--protocol', 'quick'], '--protocol'],
  ])('%s ends with 2 and says what there is', async (_, args, said) => {
    const { code, stderr } = await twincell(['crosscheck', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});

describe('crosscheck DIR', () => {
  test('checks mechanisms and morphologies of a folder and writes a page that stands alone', async () => {
    const page = join(folder, 'page.html');
    const { code, json } = await twincell(['crosscheck', join(folder, 'model'), '--out', page, '--json']);
    expect(json).toMatchObject({
      status: 'agrees',
      mechanisms: [{ mechanism: 'cnexp_forms', status: 'agrees' }],
      morphologies: [{ status: 'agrees' }],
    });
    expect(code).toBe(0);
    const text = await readFile(page, 'utf8');
    expect(text).toContain('cnexp forms.mod');
    expect(text).toContain('cell.swc');
    expect(text).not.toMatch(/<script|<link[^>]+href="(?!data:)|src=/);
  });

  test('a folder with nothing to check ends with 2', async () => {
    await mkdir(join(folder, 'empty'));
    expect(await twincell(['crosscheck', join(folder, 'empty')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('.mod'),
    });
  });
});
