/** `twincell exec`: a command of the user’s under the Node that twincell uses, with the project's own commands on PATH. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { runAction } from './context.ts';

export function addExec(program: Command): void {
  program
    .command('exec')
    .description('run a command under the Node that twincell uses, such as: twincell exec -- vitest run')
    .argument('<command>')
    .argument('[arguments...]')
    .passThroughOptions()
    .allowUnknownOption()
    .action((command: string, args: string[]) =>
      runAction('exec', false, async () => {
        const code = await run(command, args);
        process.exitCode = code;
        return code as 0;
      }),
    );
}

const FORWARDED = ['SIGTERM', 'SIGHUP'] as const;

/** Runs it to its end; the exit code, 128 + n for a command that died of signal n. */
function run(command: string, args: readonly string[]): Promise<number> {
  const path = [resolve('node_modules', '.bin'), dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return new Promise((done, fail) => {
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, PATH: path }, shell });
    child.on('error', (cause) => fail(new UsageError(`cannot run ${command}: ${cause.message}`, { cause })));
    // A terminal's Ctrl-C reaches the whole group; these reach only us.
    const forward = FORWARDED.map((signal) => ({ signal, handler: () => void child.kill(signal) }));
    for (const { signal, handler } of forward) process.on(signal, handler);
    child.on('exit', (code, signal) => {
      for (const one of forward) process.off(one.signal, one.handler);
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
