/** `twincell nmodl` as a user runs it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { twincell } from '../fixtures/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-nmodl-'));
  await mkdir(join(folder, 'parts'));
  await writeFile(
    join(folder, 'leak.mod'),
    `NEURON { SUFFIX zebra NONSPECIFIC_CURRENT icolt RANGE gmare }
INCLUDE "parts/default.inc"
ASSIGNED { v (mV) icolt (mA/cm2) }
BREAKPOINT { icolt = gmare * (v + 70) }
`,
  );
  await writeFile(join(folder, 'parts', 'default.inc'), 'PARAMETER { gmare = 0.003 (S/cm2) }\n');
  await writeFile(
    join(folder, 'wrong.mod'),
    `NEURON { SUFFIX wrong NONSPECIFIC_CURRENT i }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = ghost * v
  i = i + phantom
}
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('--kernel prints JavaScript that parses and has no name of the file', async () => {
  const { code, stdout, stderr } = await twincell(['nmodl', join(folder, 'leak.mod'), '--kernel']);
  expect([code, stderr]).toEqual([0, '']);
  expect(() => new Function('L', stdout)).not.toThrow();
  for (const name of ['zebra', 'icolt', 'gmare']) expect(stdout).not.toContain(name);
});

test('--json says what the mechanism has, INCLUDE found beside the file', async () => {
  const args = ['nmodl', join(folder, 'leak.mod'), '--kernel', '--json'];
  const { code, json, stderr } = await twincell(args, { cwd: tmpdir() });
  expect([code, stderr]).toEqual([0, '']);
  expect(json).toMatchObject({
    diagnostics: [],
    mechanism: {
      name: 'zebra',
      kind: 'density',
      range: expect.arrayContaining([expect.objectContaining({ name: 'gmare', initial: 0.003, units: 'S/cm2' })]),
      currents: [{ variable: 'icolt', ion: null }],
    },
    kernel: expect.stringContaining('use strict'),
  });
});

test('all mistakes are shown at once, with line and caret, and the command ends with 2', async () => {
  const file = join(folder, 'wrong.mod');
  const { code, stdout, stderr } = await twincell(['nmodl', file]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`${file}:3:18`);
  expect(stderr).toContain(`${file}:4:11`);
  expect(stderr).toMatch(/i = i \+ phantom\n[^\n]*\^/);
  const machine = await twincell(['nmodl', file, '--json']);
  expect(machine.code).toBe(2);
  expect(machine.json.diagnostics).toMatchObject([
    { severity: 'error', line: 3, column: 18 },
    { severity: 'error', line: 4, column: 11 },
  ]);
});
