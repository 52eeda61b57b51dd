/** `twincell report`: the page of a run, made again from its folder. */
import type { Command } from 'commander';
import { reportFolder } from '../launch/report.ts';
import { runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';

export function addReport(program: Command): void {
  const command = program
    .command('report')
    .description('make the page of a run again, from what the run left in its folder')
    .argument('<folder>', 'what `twincell run --out` or `twincell demo` wrote');
  withShared(command, ['out']);
  command.action((folder: string, options: SharedOptions) =>
    runAction('report', options.json === true, async ({ output, signal }) => {
      const { file, bytes } = await reportFolder(folder, options.out, signal);
      output.line(`${file} (${(bytes / 1e6).toFixed(1)} MB)`);
      output.result({ report: file, bytes });
      return 0;
    }),
  );
}
