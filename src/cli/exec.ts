/** `twincell exec`: a command of the user’s under the Node that twincell uses, with the project's own commands on PATH. */
import { spawn } from 'node:child_process';
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

function run(command: string, args: readonly string[]): Promise<number> {
  const path = [resolve('node_modules', '.bin'), dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return new Promise((done, fail) => {
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, PATH: path }, shell });
    child.on('error', (cause) => fail(new UsageError(`cannot run ${command}: ${cause.message}`, { cause })));
    child.on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
