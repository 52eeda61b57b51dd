/**
 * `npm test`: every test on this Node, then the tests that need no Python on the newest one.
 *
 * Words that name a project (`npm test -- unit faults`) choose projects; other words go to vitest, which takes them for
 * parts of file names, and options for options. A chosen part runs on this Node only. The last line is the sum.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNode } from '../env/index.mjs';
import { PROJECTS } from './projects.ts';
import type { Tally } from './tally.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** Colours only where a person looks. */
function environment(tally: string): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _forced, ...inherited } = process.env;
  return { ...inherited, TWINCELL_TALLY: tally, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) };
}

/** Runs vitest to its end and reads its tally; a vitest that died without one is one failure. */
async function runVitest(node: string, args: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'twincell-tally-'));
  const file = join(folder, 'tally.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${join(ROOT, 'test', 'tally.ts')}`];
    const child = spawn(node, [VITEST, 'run', '--passWithNoTests', ...reporters, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: environment(file),
    });
    const forward = () => child.kill('SIGTERM');
    process.on('SIGTERM', forward);
    const code = await new Promise<number>((done) => {
      child.on('error', () => done(1));
      child.on('exit', (status) => done(status ?? 1));
    });
    process.off('SIGTERM', forward);
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
    const tally = JSON.parse(readFileSync(file, 'utf8')) as Tally;
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function announce(title: string): void {
  process.stdout.write(`\n== ${title}\n`);
}

async function main(words: readonly string[]): Promise<number> {
  const projects = words.filter((word) => (PROJECTS as readonly string[]).includes(word));
  const rest = words.filter((word) => !projects.includes(word));
  announce(`tests on Node ${process.versions.node}`);
  const runs = [await runVitest(process.execPath, [...projects.map((name) => `--project=${name}`), ...rest])];
  if (words.length === 0) {
    const { node, version } = await ensureNode('newest');
    if (version !== process.versions.node) {
      announce(`tests that need no Python on Node ${version}`);
      runs.push(await runVitest(node, ['--project=unit']));
    }
  }
  const skipped = runs.flatMap((run) => run.skipped);
  if (skipped.length > 0) announce(`${skipped.length} skipped`);
  for (const { test, reason } of skipped) process.stdout.write(`${test}: ${reason}\n`);
  const passed = runs.reduce((sum, run) => sum + run.passed, 0);
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

// A terminal's Ctrl-C reaches vitest as well: wait for it to end instead of leaving it behind.
process.on('SIGINT', () => {});
process.exitCode = await main(process.argv.slice(2));
