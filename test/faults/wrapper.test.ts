/** The wrapper that runs a command under another Node: signals, exit codes, and a child that never outlives it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder } from '../../env/index.mjs';

const SETUP = join(packageFolder(), 'env', 'setup.mjs');

/** A command that says its process id, and which of these signals came. */
const LISTENER = `
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {
  console.log(signal);
  if (signal !== 'SIGINT') process.exit(7);
  setTimeout(() => process.exit(5), 20);
});
setInterval(() => {}, 1000);
console.log('pid ' + process.pid);`;

interface Wrapped {
  readonly child: ChildProcess;
  /** The process id of the command. */
  readonly pid: Promise<number>;
  /** Resolves when the wrapper has ended and nobody holds its standard output. */
  readonly ended: Promise<{ code: number | null; stdout: string }>;
}

function wrap(command: readonly string[]): Wrapped {
  const child = spawn(process.execPath, [SETUP, '--for', 'node', '--', ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let stdout = '';
  const pid = new Promise<number>((done) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const match = /^pid (\d+)$/m.exec(stdout);
      if (match !== null) done(Number(match[1]));
    });
  });
  const ended = new Promise<{ code: number | null; stdout: string }>((done) => {
    child.on('close', (code) => done({ code, stdout }));
  });
  return { child, pid, ended };
}

describe('a command under the wrapper', () => {
  test.each([0, 1, 3, 130])('ends it with its own code %i', async (code) => {
    expect((await wrap(['node', '-e', `process.exit(${code})`]).ended).code).toBe(code);
  });

  test('that dies of a signal ends it with 128 and the signal’s number', async () => {
    expect((await wrap(['node', '-e', `process.kill(process.pid, 'SIGKILL')`]).ended).code).toBe(137);
  });

  test('that does not exist is named, and the environment is said not to be ready', async () => {
    expect((await wrap(['no-such-command-of-twincell']).ended).code).toBe(3);
  });

  test('finds the same Node first on PATH', async () => {
    const script = `console.log(require('node:child_process').execFileSync('node', ['-p', 'process.version'], { encoding: 'utf8' }))`;
    expect((await wrap(['node', '-e', script]).ended).stdout.trim()).toBe(process.version);
  });

  test('gets a terminal’s Ctrl-C once, from the terminal, and ends as it likes', async () => {
    const { child, pid, ended } = wrap(['node', '-e', LISTENER]);
    await pid;
    process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(5);
    expect(stdout.match(/SIGINT/g)).toHaveLength(1);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('gets %s when the wrapper alone is sent it', async (signal) => {
    const { child, pid, ended } = wrap(['node', '-e', LISTENER]);
    await pid;
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(7);
    expect(stdout).toContain(signal);
  });

  test('stops when the wrapper is killed', async () => {
    const { child, pid, ended } = wrap(['node', '-e', LISTENER]);
    await pid;
    child.kill('SIGKILL');
    // The command holds the other end of standard output too: the stream's end is the command's.
    expect((await ended).stdout).toContain('SIGTERM');
  });
});
