/**
 * `npm run conformance`: every mechanism file of the packages, cross-checked against NEURON, and the table of it in
 * docs/conformance.md. Names of projects as arguments choose some of them, and then nothing is written.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureArchive, ensureEnvironment, locateEnvironment, terminalReport } from '../../env/index.mjs';
import { createProgress } from '../../src/cli/progress.ts';
import { crosscheckMechanisms, type MechanismVerdict } from '../../src/crosscheck/mechanism/index.ts';
import { ENDINGS, PACKAGES, type Package } from './packages.ts';
import { conformancePage, type PackageResult, summaryOf } from './page.ts';

const PAGE = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url));

/** Texts that several packages ship are cross-checked once. */
const judged = new Map<string, MechanismVerdict>();
const progress = createProgress();
const report = terminalReport();

async function check(one: Package): Promise<PackageResult> {
  const folder = await ensureArchive(one, ENDINGS, { report });
  const left = new Set(one.leaveOut);
  const files = filesOf(folder).filter((file) => !left.has(file));
  const keys = new Map(files.map((file) => [file, digest(join(folder, file))]));
  const fresh = new Map<string, string>();
  for (const [file, key] of keys) if (!judged.has(key) && !fresh.has(key)) fresh.set(key, join(folder, file));
  const task = progress.task(one.project, fresh.size);
  const verdicts = await crosscheckMechanisms({
    files: [...fresh.values()],
    report,
    onVerdict: (verdict, done) => task.update(done, `${verdict.status} ${relative(folder, verdict.file)}`),
  });
  task.finish();
  for (const verdict of verdicts) judged.set(digest(verdict.file), verdict);
  return {
    package: one,
    files: [...keys].map(([file, key]) => ({
      file,
      verdict: judged.get(key) as MechanismVerdict,
      repeated: !fresh.has(key),
    })),
  };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mod'))
    .sort();
}

/** Of the text and of what stands beside it to be included. */
function digest(file: string): string {
  const text = readFileSync(file);
  const includes = /^\s*INCLUDE\b/m.test(text.toString('latin1')) ? file : '';
  return createHash('sha256').update(text).update(includes).digest('hex');
}

async function main(names: readonly string[]): Promise<number> {
  const chosen = PACKAGES.filter(({ project }) => names.length === 0 || names.includes(project));
  await ensureEnvironment('neuron', { report });
  const results: PackageResult[] = [];
  for (const one of chosen) {
    const result = await check(one);
    results.push(result);
    process.stdout.write(`${one.project}: ${summaryOf([result]).text}\n`);
    for (const { file, verdict } of result.files) {
      if (verdict.status === 'differs') process.stdout.write(`  ${file}: ${verdict.message}\n`);
    }
  }
  const summary = summaryOf(results);
  process.stdout.write(`\n${summary.text}\n`);
  if (names.length === 0) {
    const { interpreter } = await locateEnvironment('neuron');
    writeFileSync(PAGE, conformancePage(results, { python: interpreter.version, platform: interpreter.platform }));
  }
  return summary.passes ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
