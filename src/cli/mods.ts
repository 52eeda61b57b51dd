/** `twincell mods DIR`: whether mechanism files compile on today's NEURON, why not, and repaired copies. */
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { checkMods, createModCompiler, type ModReport, type ModStatus } from '../mods/index.ts';
import { type Context, runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';

interface ModsOptions extends SharedOptions {
  readonly fix?: boolean;
}

export function addMods(program: Command): void {
  const command = program
    .command('mods')
    .description('compile each .mod file alone on today’s NEURON and say in a sentence why one does not')
    .argument('<dir>', 'folder of .mod files; it is only read')
    .option('--fix', 'write a copy of the folder with what can be mended mended, to --out')
    .addHelpText('after', '\nExit code: 0 all compile (with --fix: in the copy), 1 some do not, 2 wrong use.');
  withShared(command, ['out']).action((folder: string, options: ModsOptions) =>
    runAction('mods', options.json === true, (context) => run(folder, options, context)),
  );
}

async function run(folder: string, { fix, out }: ModsOptions, context: Context): Promise<0 | 1> {
  if (fix === true && out === undefined) {
    throw new UsageError('--fix writes a copy and needs to know where', { remedy: 'Add --out DIR2.' });
  }
  if (fix !== true && out !== undefined) throw new UsageError('--out goes with --fix', { remedy: 'Add --fix.' });
  const { output, progress, report, signal } = context;
  const compiler = await createModCompiler({ report, signal });
  const task = progress.task('Compiling mechanisms one by one', 1000);
  const reports = await checkMods({
    folder,
    compiler,
    signal,
    out,
    onDone: ({ file }, done, total) => task.update((1000 * done) / total, file),
  });
  task.finish();
  for (const one of reports) print(one, fix === true, context);
  const counts = countOf(reports);
  output.line(summary(counts, reports.length, out));
  output.result({ folder, out: out ?? null, counts, mechanisms: reports });
  return counts.compiles + counts.repaired === reports.length ? 0 : 1;
}

const WORDS: Readonly<Record<ModStatus, string>> = {
  compiles: 'compiles',
  repaired: 'repaired, and compiles',
  explained: 'does not compile',
  unknown: 'does not compile, for a reason unknown to twincell',
};

function print({ file, status, findings, diagnostics, compiler }: ModReport, fix: boolean, { output }: Context): void {
  const refused = diagnostics.filter(({ severity }) => severity === 'error');
  const runs =
    status !== 'compiles' && status !== 'repaired' ? '' : refused.length === 0 ? '' : '; the solver refuses it';
  output.line(`${file}: ${WORDS[status]}${runs}`);
  for (const { frame, mends } of findings) {
    output.line(indent(frame));
    if (!fix && mends) output.line('    --fix mends this.');
  }
  if (status === 'unknown' && compiler !== null) output.line(`    NEURON’s compiler: ${compiler}`);
  for (const one of runs === '' ? [] : refused)
    output.line(`    ${one.line}:${one.column} ${one.code}: ${one.message}`);
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

function countOf(reports: readonly ModReport[]): Record<ModStatus, number> {
  const counts = { compiles: 0, repaired: 0, explained: 0, unknown: 0 };
  for (const { status } of reports) counts[status] += 1;
  return counts;
}

function summary(counts: Readonly<Record<ModStatus, number>>, total: number, out: string | undefined): string {
  const { compiles, repaired, explained, unknown } = counts;
  const parts = [`${compiles} of ${total} compile as they are`];
  if (out !== undefined) parts.push(`${repaired} repaired in ${out}`);
  if (explained > 0) parts.push(`${explained} do not compile, as explained`);
  if (unknown > 0) parts.push(`${unknown} do not compile, for reasons unknown to twincell`);
  return `${parts.join('; ')}.`;
}
