/** `twincell page`: a page that computes a cell in the browser of whoever opens it. */
import { type Command, Option } from 'commander';
import { writePage } from '../launch/page.ts';
import { SOLVER_MODES } from '../solver/index.ts';
import { required, runAction } from './context.ts';
import { experimentOf } from './experiment.ts';
import { type SharedOptions, withShared } from './options.ts';
import { prepareOptions } from './simulate.ts';

export function addPage(program: Command): void {
  const command = program
    .command('page')
    .description('write one HTML page that computes the cell live in whatever browser opens it')
    .argument('[experiment]', 'experiment file (.json, .ts, .mts); options override it');
  command.addOption(
    new Option(
      '--mode <name>',
      'how the page computes: reference (JavaScript), exact (compiled, within 1e-6 mV of it; the default) or fast (tables)',
    ).choices(SOLVER_MODES),
  );
  withShared(command, ['model', 'models', 'condition', 'passive', 'seconds', 'seed', 'dt', 'order', 'out']).addHelpText(
    'after',
    '\nThe page holds the cell and its compiled mechanisms, and no text of their files. Whoever gets it gets the model: share\n' +
      'it on the terms of the model’s licence.',
  );
  command.action((file: string | undefined, options: SharedOptions) =>
    runAction('page', options.json === true, async (context) => {
      const out = required(options.out, '--out <file.html>');
      const experiment = await experimentOf(file, options);
      const task = context.progress.task('Writing the page', 1);
      const { file: page, bytes } = await writePage(experiment, out, prepareOptions(options, context));
      task.finish();
      context.output.line(`${page} (${(bytes / 1e6).toFixed(1)} MB)`);
      context.output.result({ page, bytes });
      return 0;
    }),
  );
}
