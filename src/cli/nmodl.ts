/** `twincell nmodl FILE`: what the compiler reads in a mechanism file, and what it makes of it. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { compileJavaScript, type KernelProgram } from '../kernel/index.ts';
import { readIncluded } from '../mods/included.ts';
import { compile } from '../nmodl/compile.ts';
import { codeFrame, parse, positionAt, printMechanism, type Source } from '../nmodl/index.ts';
import { runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';

interface NmodlOptions extends SharedOptions {
  readonly ast?: boolean;
  readonly kernel?: boolean;
}

export function addNmodl(program: Command): void {
  const command = program
    .command('nmodl')
    .description('compile a .mod file and say what is wrong with it, with line and caret')
    .argument('<file>')
    .option('--ast', 'print the syntax tree as JSON instead of the file in one form')
    .option('--kernel', 'print the JavaScript that it becomes');
  withShared(command, []).action((file: string, options: NmodlOptions) =>
    runAction('nmodl', options.json === true, async ({ output }) => {
      const text = await readFile(file, 'utf8').catch((cause) => {
        throw new UsageError(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, { cause });
      });
      const source = { file, text };
      const { program, diagnostics } = compile(source, { include: readIncluded });
      for (const one of diagnostics) output.note(codeFrame(source, one));
      // Compiled once, for people or for the result; with --json standard error is for what is wrong.
      const kernel = options.kernel && program !== null ? compileJavaScript(program).source : null;
      if (program !== null && !output.json) output.line(kernel ?? printed(source, options));
      output.result({
        file,
        diagnostics: diagnostics.map((one) => ({ ...one, ...positionAt(source, one.span.start) })),
        ...(options.ast ? { ast: parse(source).mechanism } : {}),
        ...(program === null ? {} : { mechanism: summary(program) }),
        ...(kernel === null ? {} : { kernel }),
      });
      return program === null ? 2 : 0;
    }),
  );
}

function printed(source: Source, { ast }: NmodlOptions): string {
  const { mechanism } = parse(source);
  return ast ? JSON.stringify(mechanism, null, 2) : printMechanism(mechanism);
}

/** What a mechanism has and needs, without its code. */
function summary(program: KernelProgram): Record<string, unknown> {
  const visible = (fields: KernelProgram['instance']) =>
    fields
      .filter((field) => field.visible)
      .map(({ name, role, length, units, initial }) => ({ name, role, length, units, initial }));
  const { name, kind, electrode, ions, currents, pointers, randoms, weights, functionTables } = program;
  return {
    ...{ name, kind, electrode, range: visible(program.instance), global: visible(program.global) },
    ...{ ions, currents, pointers, randoms, weights, functionTables },
    phases: Object.keys(program.phases),
  };
}
