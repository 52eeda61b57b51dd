/** `twincell evaluate`: how well a twin predicts trials it has not seen. */
import { dirname, join } from 'node:path';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { storeEvaluation } from '../launch/run.ts';
import { checkpointIn, evaluate } from '../launch/twin.ts';
import type { TwinEvaluation } from '../twin/index.ts';
import { runAction } from './context.ts';
import { type SharedOptions, wholeNumber, withShared } from './options.ts';

interface EvaluateCommandOptions extends SharedOptions {
  readonly checkpoint?: string;
  readonly test?: number;
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description("score a twin on a data set's held-out trials, as the paper scores")
    .argument('<dataset>', 'folder that `twincell simulate --out` wrote')
    .option('--checkpoint <file>', 'the .safetensors file (default: twin.safetensors beside the data set)')
    .option(
      '--test <n>',
      'score the last n trials that the twin has not seen (default: those held out when it was trained)',
      wholeNumber(1),
    );
  withShared(command, ['out']);
  command.action((folder: string, options: EvaluateCommandOptions) =>
    runAction('evaluate', options.json === true, async (context) => {
      const beside = dirname(join(folder, '.'));
      const task = context.progress.task('Scoring', 1);
      const evaluation = await evaluate({
        dataset: folder,
        checkpoint: options.checkpoint ?? checkpointIn(beside),
        ...(options.test === undefined ? {} : { test: options.test }),
        signal: context.signal,
        report: context.report,
        onProgress: ({ done, total, message }) => task.update(done / total, message),
      });
      task.finish();
      if (options.out !== undefined) await storeEvaluation(options.out, evaluation);
      const { predictions: _predictions, ...scores } = evaluation;
      context.output.line(tableOf(evaluation));
      context.output.result(scores);
      return 0;
    }),
  );
}

function tableOf(evaluation: TwinEvaluation): string {
  const { auc, tprAt0_25, tprAt1, rescaled, trials, spikes } = evaluation;
  const rate = (value: number | null) => (value === null ? 'not defined' : value.toFixed(4));
  const percent = (value: number | null) => (value === null ? 'not defined' : `${(100 * value).toFixed(1)} %`);
  const table = new Table({ head: ['held-out trials', 'as predicted', 'rescaled'], style: { head: [], border: [] } });
  table.push(
    ['trials, spikes', `${trials.length}, ${spikes}`, ''],
    ['AUC', rate(auc), ''],
    ['true positives at 0.25 % false', percent(tprAt0_25), ''],
    ['true positives at 1 % false', percent(tprAt1), ''],
    ['soma explained variance', percent(evaluation.somaExplainedVariance), percent(rescaled.somaExplainedVariance)],
    ['soma RMSE (mV)', evaluation.somaRmse.toFixed(3), rescaled.somaRmse.toFixed(3)],
    ['soma MAE (mV)', evaluation.somaMae.toFixed(3), rescaled.somaMae.toFixed(3)],
  );
  return table.toString();
}
