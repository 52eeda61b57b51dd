/** `twincell nmodl FILE`: what the compiler reads in a mechanism file. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { codeFrame, parse, positionAt, printMechanism } from '../nmodl/index.ts';
import { runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';

export function addNmodl(program: Command): void {
  const command = program
    .command('nmodl')
    .description('read a .mod file and say what is wrong with it, with line and caret (syntax only, so far)')
    .argument('<file>')
    .option('--ast', 'print the syntax tree as JSON instead of the file in one form');
  withShared(command, []).action((file: string, options: SharedOptions & { readonly ast?: boolean }) =>
    runAction('nmodl', options.json === true, async ({ output }) => {
      const text = await readFile(file, 'utf8').catch((cause) => {
        throw new UsageError(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, { cause });
      });
      const source = { file, text };
      const { mechanism, diagnostics } = parse(source);
      for (const one of diagnostics) output.note(codeFrame(source, one));
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length === 0)
        output.line(options.ast ? JSON.stringify(mechanism, null, 2) : printMechanism(mechanism));
      output.result({
        file,
        diagnostics: diagnostics.map((one) => ({ ...one, ...positionAt(source, one.span.start) })),
        ...(options.ast ? { ast: mechanism } : {}),
      });
      return errors.length === 0 ? 0 : 2;
    }),
  );
}
