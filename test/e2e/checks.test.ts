/** The static checks and the Python tests, as tests, so that one command says whether everything holds. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureEnvironment, packageFolder } from '../../env/index.mjs';

const ROOT = packageFolder();

/** Runs a program; what it printed is the failure's message. */
async function passes(file: string, args: readonly string[], cwd = ROOT): Promise<void> {
  const { code, output } = await new Promise<{ code: number; output: string }>((done) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', NO_COLOR: '1' };
    execFile(file, [...args], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` });
    });
  });
  expect(code, output).toBe(0);
}

describe('TypeScript', () => {
  const program = (...path: string[]) => join(ROOT, 'node_modules', ...path);

  it('type-checks', async () => {
    await passes(process.execPath, [program('typescript', 'bin', 'tsc')]);
  });

  it('is formatted and clean of what biome knows', async () => {
    await passes(process.execPath, [program('@biomejs', 'biome', 'bin', 'biome'), 'check']);
  });
});

describe('Python', () => {
  const folder = join(ROOT, 'python');
  let python = '';

  beforeAll(async () => {
    ({ python } = await ensureEnvironment('develop'));
  });

  it('is clean of what ruff knows', async () => {
    await passes(python, ['-m', 'ruff', 'check', '--no-cache', '.'], folder);
  });

  it('is formatted', async () => {
    await passes(python, ['-m', 'ruff', 'format', '--check', '--no-cache', '.'], folder);
  });

  it('type-checks strictly', async () => {
    await passes(
      python,
      ['-m', 'mypy', '--strict', '--cache-dir=/dev/null', 'twincell_sidecar', 'tests', 'bench'],
      folder,
    );
  });

  it('passes its tests', async () => {
    await passes(python, ['-m', 'pytest', '-q'], folder);
  });
});
