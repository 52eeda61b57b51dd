/** INCLUDE finds what stands beside the file that includes. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileFiles } from '../../src/engine/mechanisms.ts';
import { readIncluded } from '../../src/mods/included.ts';
import { compile } from '../../src/nmodl/compile.ts';
import { linkageOf } from '../fixtures/kernel-program.ts';

const mod = (name: string, include: string) => `NEURON { SUFFIX ${name} NONSPECIFIC_CURRENT i RANGE rate }
INCLUDE "${include}"
ASSIGNED { v i }
BREAKPOINT { i = rate * v }
`;
const rate = (value: number) => `PARAMETER { rate = ${value} }\n`;

/** Files of a folder of models; every rates.inc is another. */
const FILES = {
  'one/first.mod': mod('first', 'rates.inc'),
  'one/rates.inc': rate(1),
  'two/second.mod': mod('second', 'rates.inc'),
  'two/rates.inc': rate(2),
  'nested.mod': mod('nested', 'three/rates.inc'),
  // Of the same name as the file above it, and no cycle.
  'three/rates.inc': 'INCLUDE "deep/rates.inc"\n',
  'three/deep/rates.inc': rate(3),
  'deep/rates.inc': rate(4),
  'three/again.inc': 'INCLUDE "../three/again.inc"\n',
  'cycle.mod': mod('cycle', 'three/again.inc'),
  'four/alone.mod': mod('alone', 'rates.inc'),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-included-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['as listed', 'the other way round'])(
  'two folders each have a rates.inc of their own (%s)',
  async (order) => {
    const files = ['one/first.mod', 'two/second.mod', 'nested.mod'].map((name) => join(folder, name));
    if (order !== 'as listed') files.reverse();
    const { kernels } = await compileFiles(files, ['first', 'second', 'nested']);
    const rates = ['first', 'second', 'nested'].map(
      (name) => kernels.get(name)?.link(linkageOf(1)).instance('rate')[0],
    );
    expect(rates).toEqual([1, 2, 3]);
  },
);

test('a file is not found beside another that does not include it', async () => {
  const files = ['one/first.mod', 'four/alone.mod'].map((name) => join(folder, name));
  const { kernels, refused } = await compileFiles(files, ['first', 'alone']);
  expect([...kernels.keys()]).toEqual(['first']);
  expect(refused.get('alone')).toMatch(/alone\.mod:2.*rates\.inc/s);
});

test('a file that includes itself by another path is a cycle', () => {
  const { diagnostics } = compile(
    { file: 'cycle.mod', text: FILES['cycle.mod'] },
    { include: (name, from) => readIncluded(name, from, folder) },
  );
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('three/again.inc')]);
});
