/** Old mechanism files: a fixture of every failure that is known, judged by NEURON's own compiler, and by NEURON once repaired. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureEnvironment, ensureMechanisms, packageFolder } from '../../env/index.mjs';
import { checkMods, createModCompiler, FAILURES, type FailureCode, type ModReport } from '../../src/mods/index.ts';

const OLD = join(packageFolder(), 'test', 'fixtures', 'old-mods');
const codes = Object.keys(FAILURES) as FailureCode[];
/** Fixtures are called as their failure; some failures have two. */
const fixtureOf = (code: string) => code.replaceAll('-', '_');
/** What remains when nothing is known has no fixture of its own kind. */
const mended = codes.filter((code) => FAILURES[code].mends);
const explained = codes.filter((code) => !FAILURES[code].mends && code !== 'unknown');

let out: string;
let before: Map<string, string>;
const reports = new Map<string, ModReport>();

async function texts(): Promise<Map<string, string>> {
  const names = (await readdir(OLD, { recursive: true })).filter((name) => name.endsWith('.mod'));
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(OLD, name), 'utf8')] as const)),
  );
}

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'twincell-old-mods-'));
  before = await texts();
  const compiler = await createModCompiler();
  const { signal } = new AbortController();
  for (const one of await checkMods({ folder: OLD, out, compiler, signal })) reports.set(one.file, one);
});
afterAll(() => rm(out, { recursive: true, force: true }));

const reportOf = (file: string) => reports.get(file) ?? expect.fail(`there is no fixture ${file}`);

describe('a failure that can be mended', () => {
  test.each(mended)('%s: is named, and the copy compiles', (code) => {
    const report = reportOf(`${fixtureOf(code)}.mod`);
    expect(report.findings.map((one) => one.code)).toContain(code);
    expect(report.findings.map((one) => one.code)).not.toContain('unknown');
    expect(report.status).toBe('repaired');
    expect(report.compiler).toBeNull();
  });

  test('its place is a place in the original, and the words are sentences', () => {
    for (const { file, findings } of reports.values()) {
      const lines = before.get(file)?.split('\n') ?? [];
      for (const { line, column, frame, message } of findings) {
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        expect(frame).toContain(`${file}:${line}:${column} error`);
        expect(frame).toContain('^');
        expect(message).not.toMatch(/[{}]|undefined/);
      }
    }
  });
});

describe('a failure that only its author can mend', () => {
  test.each(explained)('%s: is explained, and its file left as it is', async (code) => {
    const file = join('explained', `${fixtureOf(code)}.mod`);
    const report = reportOf(file);
    expect(report.findings.map((one) => one.code)).toContain(code);
    expect(report.status).toBe('explained');
    expect(await readFile(join(out, file), 'utf8')).toBe(before.get(file));
  });
});

test('originals are as they were', async () => {
  expect(await texts()).toEqual(before);
});

test('what was repaired runs in NEURON and does something there', async () => {
  const repaired = [...reports.values()].filter(({ status }) => status === 'repaired').map(({ file }) => file);
  expect(repaired.length).toBeGreaterThanOrEqual(mended.length);
  const environment = await ensureEnvironment('neuron');
  const { library } = await ensureMechanisms({ modFiles: repaired.map((file) => join(out, file)), environment });
  const script = join(packageFolder(), 'test', 'fixtures', 'old_mods_neuron.py');
  const names = repaired.map((file) => basename(file, '.mod'));
  const { stdout } = await promisify(execFile)(environment.python, [script, library, ...names], { cwd: out });
  const did = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
  expect(did).toEqual(Object.fromEntries(names.map((name) => [name, { finite: true, moved: true }])));
});
