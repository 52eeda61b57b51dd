/** `twincell mods` without NEURON: complaints that a compiler would make, and what is done about them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkMods, FAILURES, type ModCompiler } from '../../src/mods/index.ts';
import { compilerComplaints, linkerComplaints, translatorComplaints } from '../../src/mods/output.ts';
import { appliedOf, applyEdits, readModText } from '../../src/mods/text.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-mods-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const MECHANISM = 'NEURON { SUFFIX a }\nASSIGNED { v (mV) }\nVERBATIM\nextern void* nrn_random_arg();\nENDVERBATIM\n';

/** A compiler that complains as long as a text is in the file. */
function complaining(about: string, output: string): ModCompiler {
  return {
    isKnown: (name) => name === 'nrn_random_arg',
    async compile(file) {
      const bad = (await readFile(file, 'latin1')).includes(about);
      return { complaints: bad ? compilerComplaints(output) : [], generated: null };
    },
  };
}
const content = complaining('nothing like it', '');
const tooMany = complaining(
  'extern void* nrn_random_arg',
  "a.cpp:9:3: error: too many arguments to function 'void* nrn_random_arg()'\n    9 |   nrn_random_arg(1);\n",
);

describe('the copy', () => {
  test.each(['.', 'inside'])('never goes where the originals are: %s', async (where) => {
    const mods = join(folder, 'mods');
    await mkdir(mods);
    await writeFile(join(mods, 'a.mod'), MECHANISM);
    const checked = checkMods({ folder: mods, compiler: content, signal, out: join(mods, where) });
    await expect(checked).rejects.toMatchObject({ tag: 'Usage', message: expect.stringMatching(/originals/) });
  });

  test('never goes where something is already', async () => {
    const [mods, out] = [join(folder, 'mods'), join(folder, 'out')];
    await mkdir(mods);
    await mkdir(out);
    await writeFile(join(mods, 'a.mod'), MECHANISM);
    await writeFile(join(out, 'thesis.tex'), '');
    const checked = checkMods({ folder: mods, compiler: content, signal, out });
    await expect(checked).rejects.toMatchObject({ tag: 'Usage', message: expect.stringMatching(/not empty/) });
  });

  test('has all files but those that were built, and every byte of what was not at fault', async () => {
    const [mods, out] = [join(folder, 'mods'), join(folder, 'out')];
    await mkdir(join(mods, 'x86_64'), { recursive: true });
    await mkdir(join(mods, 'deeper'));
    // Latin-1: not valid UTF-8.
    const old = Buffer.from(`COMMENT\nM\u00fcller \u00b5\nENDCOMMENT\n${MECHANISM}`.replaceAll('\n', '\r\n'), 'latin1');
    await writeFile(join(mods, 'a.mod'), old);
    await writeFile(join(mods, 'deeper', 'b.mod'), MECHANISM.replace('extern void* nrn_random_arg();\n', ''));
    await writeFile(join(mods, 'x86_64', 'c.mod'), MECHANISM);
    await writeFile(join(mods, 'cell.hoc'), 'create soma');
    const reports = await checkMods({ folder: mods, compiler: tooMany, signal, out });
    expect(reports.map(({ file, status }) => [file, status])).toEqual([
      ['a.mod', 'repaired'],
      [join('deeper', 'b.mod'), 'compiles'],
    ]);
    const repaired = old.toString('latin1').replace('extern void* nrn_random_arg();\r\n', '');
    expect((await readFile(join(out, 'a.mod'))).toString('latin1')).toBe(repaired);
    expect(await readFile(join(mods, 'a.mod'))).toEqual(old);
    expect(await readFile(join(out, 'cell.hoc'), 'utf8')).toBe('create soma');
    await expect(readFile(join(out, 'x86_64', 'c.mod'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('without --fix nothing is written, and it is said that it could be mended', async () => {
  await writeFile(join(folder, 'a.mod'), MECHANISM);
  const [report] = await checkMods({ folder, compiler: tooMany, signal });
  expect(report).toMatchObject({
    status: 'explained',
    findings: [{ code: 'declared-without-arguments', mends: true, line: 4 }],
  });
  expect(await readFile(join(folder, 'a.mod'), 'utf8')).toBe(MECHANISM);
});

test('a failure that no rule knows is called so, with the compiler’s first words', async () => {
  await writeFile(join(folder, 'a.mod'), MECHANISM);
  const compiler = complaining('SUFFIX', 'a.cpp:3:1: error: the moon is in the wrong place\n    3 | moon();\n');
  const [report] = await checkMods({ folder, compiler, signal });
  expect(report).toMatchObject({
    status: 'unknown',
    compiler: 'the moon is in the wrong place',
    findings: [{ code: 'unknown' }],
  });
});

test('a function that another file of the folder defines is no failure', async () => {
  await writeFile(join(folder, 'a.mod'), MECHANISM);
  await writeFile(join(folder, 'b.mod'), `${MECHANISM}VERBATIM\ndouble shared(double x) { return x; }\nENDVERBATIM\n`);
  const compiler: ModCompiler = {
    isKnown: () => false,
    compile: async () => ({
      complaints: linkerComplaints("a.o: undefined reference to `shared(double)'"),
      generated: null,
    }),
  };
  const reports = await checkMods({ folder, compiler, signal });
  expect(reports.map(({ status }) => status)).toEqual(['compiles', 'explained']);
});

test('a folder without mechanism files, and none at all, are wrong use', async () => {
  await expect(checkMods({ folder, compiler: content, signal })).rejects.toMatchObject({ tag: 'Usage' });
  const none = checkMods({ folder: join(folder, 'none'), compiler: content, signal });
  await expect(none).rejects.toMatchObject({ tag: 'Usage', message: expect.stringContaining('none') });
});

describe('what the tools print', () => {
  test('nocmodl’s chain of complaints, with its line', () => {
    const output =
      'Translating a.mod into a.cpp\nt is a ASSIGNED\nt is a INDEPENDENT\nError: multiple uses for same variable at line 7 in file a.mod\n^\n';
    expect(translatorComplaints(output, 'failed')).toEqual([
      {
        stage: 'translate',
        message: 't is a ASSIGNED: t is a INDEPENDENT: multiple uses for same variable',
        code: null,
        line: 7,
        column: null,
      },
    ]);
  });

  test('gcc’s errors and not its notes, quotes made plain', () => {
    const output =
      'a.cpp: In function ‘f’:\na.cpp:3:5: error: ‘x’ was not declared in this scope\n    3 |   x = 1;\n      |   ^\na.cpp:4:1: note: here\n';
    expect(compilerComplaints(output)).toEqual([
      { stage: 'compile', message: "'x' was not declared in this scope", code: '  x = 1;', line: 3, column: 5 },
    ]);
  });
});

describe('edits', () => {
  const edit = fc.record({ start: fc.nat(40), length: fc.nat(6), text: fc.string({ maxLength: 4 }) });

  test('change nothing outside of them, and none of two that overlap', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 50, maxLength: 60 }), fc.array(edit, { maxLength: 6 }), (text, raw) => {
        const edits = raw.map(({ start, length, text: to }) => ({ start, end: start + length, text: to }));
        const applied = appliedOf(edits);
        const kept = applied.reduce((sum, { start, end }) => sum - (end - start), text.length);
        const added = applied.reduce((sum, one) => sum + one.text.length, 0);
        const result = applyEdits(text, edits);
        expect(result.length).toBe(kept + added);
        const first = applied[0];
        if (first !== undefined) expect(result.startsWith(text.slice(0, first.start) + first.text)).toBe(true);
        const last = applied.at(-1);
        if (last !== undefined) expect(result.endsWith(last.text + text.slice(last.end))).toBe(true);
      }),
    );
  });

  test('the two views of a file have its characters at their own places', () => {
    const text = 'TITLE x\n: a { comment\nNEURON { SUFFIX a }\nVERBATIM\n/* c */ f("s"); // d\nENDVERBATIM\n';
    const { nmodl, c, verbatim } = readModText({ file: 'a.mod', text });
    for (const view of [nmodl, c, verbatim]) {
      expect(view.length).toBe(text.length);
      for (const [index, character] of [...view].entries()) expect([' ', text[index]]).toContain(character);
    }
    expect(nmodl.trim()).toBe('NEURON { SUFFIX a }');
    expect(c.trim()).toBe('f(   );');
    expect(verbatim.trim()).toBe('/* c */ f("s"); // d');
  });
});

test('every failure is on the page of the documentation, and mending is said to be what it is', async () => {
  const page = await readFile(new URL('../../docs/mods.md', import.meta.url), 'utf8');
  for (const [code, { mends }] of Object.entries(FAILURES)) {
    expect(page).toMatch(new RegExp(`\\| \`${code}\` \\| ${mends ? 'mended' : 'explained'} \\|`));
  }
});
