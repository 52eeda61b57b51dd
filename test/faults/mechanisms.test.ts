/** Mechanisms that stop, crash or hang NEURON, or do not compile: each gets its verdict, and none harms the others. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crosscheckMechanisms, type MechanismVerdict, standardProbes } from '../../src/crosscheck/mechanism/index.ts';

const density = (name: string, breakpoint: string) =>
  `NEURON { SUFFIX ${name} NONSPECIFIC_CURRENT i RANGE x }\nASSIGNED { v (mV) i (mA/cm2) x }\nBREAKPOINT {\n${breakpoint}\n}\n`;

const TEXTS: Readonly<Record<string, string>> = {
  'sound.mod': density('sound', 'x = v i = 1e-4*(v + 60)'),
  'crashes.mod': density('crashes', 'VERBATIM\n  if (t > 5) { abort(); }\nENDVERBATIM\ni = 0'),
  'exits.mod': density('exits', 'VERBATIM\n  if (t > 5) { exit(0); }\nENDVERBATIM\ni = 0'),
  'hangs.mod': density('hangs', 'x = 1 WHILE (t > 5 && x > 0) { x = x + 1 } i = 0'),
  'broken.mod': 'NEURON { SUFFIX broken }\nBREAKPOINT { this is no NMODL',
  'cpp.mod': density('cpp', 'VERBATIM\n  there is no such word;\nENDVERBATIM\ni = 0'),
  'same.mod': density('sound', 'x = v i = 2e-4*(v + 60)'),
  'hh.mod': density('hh', 'x = v i = 3e-4*(v + 60)'),
  'apart.mod': `INCLUDE "parts/leak.inc"\n${density('apart', 'x = v i = leak*(v + 60)')}`,
  'parts/leak.inc': 'PARAMETER { leak = 4e-4 }\n',
  // Two model folders, each with a folder of its own of the same name beside its mechanisms.
  ...above('one', 'mechanisms', 5e-4),
  ...above('two', 'mechanisms', 6e-4),
  ...above('three', 'mechanisms & more', 7e-4),
};

/** A model folder whose mechanism includes from a folder beside its own, and that from beside itself and from the mechanism's. */
function above(model: string, mechanisms: string, leak: number): Record<string, string> {
  return {
    [`${model}/${mechanisms}/${model}.mod`]: `INCLUDE "../shared/both.inc"\n${density(model, 'x = v i = leak*(v + rest)')}`,
    [`${model}/${mechanisms}/rest.inc`]: 'PARAMETER { rest = 60 }\n',
    [`${model}/shared/both.inc`]: `INCLUDE "leak.inc"\nINCLUDE "../${mechanisms}/rest.inc"\n`,
    [`${model}/shared/leak.inc`]: `PARAMETER { leak = ${leak} }\n`,
  };
}

let folder: string;
const verdicts = new Map<string, MechanismVerdict>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-faulty-'));
  for (const [name, text] of Object.entries(TEXTS)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const found = await crosscheckMechanisms({
    files: Object.keys(TEXTS)
      .filter((name) => name.endsWith('.mod'))
      .map((name) => join(folder, name)),
    protocol: (facts) =>
      standardProbes(facts)
        .slice(0, 1)
        .map(({ name, probe }) => ({ name, probe: { ...probe, timeoutSeconds: 10 } })),
  });
  for (const verdict of found) verdicts.set(basename(verdict.file), verdict);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const of = (name: string) => verdicts.get(name);

test('a sound file agrees, whatever stands beside it', () => {
  expect(of('sound.mod')).toMatchObject({ status: 'agrees', bitEqual: true });
});

test('two files of one name are both checked', () => {
  expect(of('same.mod')).toMatchObject({ status: 'agrees', mechanism: 'sound' });
});

test('a file called as one of NEURON’s own is checked under its own name', () => {
  expect(of('hh.mod')).toMatchObject({ status: 'agrees', mechanism: 'hh' });
});

test('a file that includes from a folder beside it is compiled by both', () => {
  expect(of('apart.mod')).toMatchObject({ status: 'agrees', bitEqual: true });
});

test.each(['one', 'two', 'three'])('a file that includes from above its folder is compiled by both (%s)', (model) => {
  expect(of(`${model}.mod`)).toMatchObject({ status: 'agrees', mechanism: model, bitEqual: true });
});

test('a crash and an exit inside NEURON are the file’s, and said so', () => {
  expect(of('crashes.mod')?.probes[0]?.message).toMatch(/NEURON crashed.*SIGABRT/s);
  expect(of('exits.mod')?.probes[0]?.message).toMatch(/NEURON crashed.*exit status 0/s);
});

test('a file that never comes to an end is given up', () => {
  expect(of('hangs.mod')).toMatchObject({ status: 'failed' });
  expect(of('hangs.mod')?.message).toMatch(/timeout/);
});

test('what NEURON’s compiler does not take is named with its reason', () => {
  expect(of('broken.mod')).toMatchObject({ status: 'uncompiled' });
  expect(of('cpp.mod')).toMatchObject({ status: 'uncompiled' });
  expect(of('cpp.mod')?.message).not.toBe('');
});
