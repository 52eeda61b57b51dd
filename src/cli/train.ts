/** `twincell train`: a twin of a data set. */
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { openDataset } from '../dataset/index.ts';
import { UsageError } from '../errors.ts';
import { type Experiment, type Twin, twinIdentity } from '../experiment/index.ts';
import { loadExperiment } from '../launch/load.ts';
import { lockHash } from '../launch/prepare.ts';
import { writeJson } from '../launch/run-folder.ts';
import { checkpointIn, train } from '../launch/twin.ts';
import { PRESET_NAMES, type TrainReport, twinPreset } from '../twin/index.ts';
import { runAction } from './context.ts';
import { type SharedOptions, wholeNumber, withShared } from './options.ts';
import { readable } from './output.ts';

interface TrainCommandOptions extends SharedOptions {
  readonly twin?: string;
  readonly experiment?: string;
  readonly validation?: number;
  readonly test?: number;
  readonly device?: Twin['training']['device'];
  readonly threads?: number;
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a network to predict the spikes and the voltage of a data set')
    .argument('<dataset>', 'folder that `twincell simulate --out` wrote')
    .addOption(new Option('--twin <name>', 'network and schedule').choices([...PRESET_NAMES]))
    .option('--experiment <file>', 'take network, schedule and split from an experiment file')
    .option('--validation <n>', 'trials that choose the best epoch', wholeNumber(1))
    .option('--test <n>', 'trials held out for the test', wholeNumber(1))
    .addOption(new Option('--device <name>', 'where to train').choices(['auto', 'cpu', 'cuda']))
    .option('--threads <n>', 'CPU threads', wholeNumber(1));
  withShared(command, ['seed', 'out']);
  command.action((folder: string, options: TrainCommandOptions) =>
    runAction('train', options.json === true, async (context) => {
      const { manifest } = await openDataset(folder);
      const twin = await twinOf(manifest.experiment, options);
      const seed = options.seed ?? manifest.experiment.seed;
      const out = options.out ?? dirname(join(folder, '.'));
      const { dependencies } = manifest;
      const locks = { ...dependencies.locks, torch: await lockHash('torch') };
      const task = context.progress.task('Training', twin.training.epochs);
      const { output } = context;
      const { checkpoint, sha256, reports } = await train({
        dataset: folder,
        twin,
        seed,
        identity: twinIdentity({ ...manifest.experiment, twin }, { ...dependencies, locks }, seed),
        checkpoint: checkpointIn(out),
        signal: context.signal,
        report: context.report,
        onProgress: ({ done, total, message }) => task.update((done / total) * twin.training.epochs, message),
        onReport: (report) => output.line(epochLine(report)),
      });
      task.finish();
      await writeJson(out, 'training.json', reports);
      output.line(`wrote ${checkpoint}`);
      output.result({ checkpoint, sha256, twin, last: reports.at(-1) ?? null });
      return 0;
    }),
  );
}

/** From a preset, an experiment file, or the experiment that made the data; the split laid over it. */
async function twinOf(made: Experiment, options: TrainCommandOptions): Promise<Twin> {
  const fromFile = options.experiment === undefined ? undefined : (await loadExperiment(options.experiment)).twin;
  const preset = options.twin === undefined ? undefined : twinPreset(options.twin, made.cell.condition);
  if (options.experiment !== undefined && fromFile === undefined) {
    throw new UsageError(`${options.experiment} asks for no twin`, {
      remedy: 'Add a twin to it, or choose one with --twin.',
    });
  }
  const twin = preset ?? fromFile ?? made.twin ?? twinPreset('demo');
  const { validation, test, device, threads } = options;
  return {
    ...twin,
    split: { validation: validation ?? twin.split.validation, test: test ?? twin.split.test },
    training: { ...twin.training, device: device ?? twin.training.device, threads: threads ?? twin.training.threads },
  };
}

function epochLine({
  epoch,
  epochs,
  trainLoss,
  validationLoss,
  validationAuc,
  validationSomaExplainedVariance,
}: TrainReport): string {
  const auc = validationAuc === null ? 'no spike' : validationAuc.toFixed(4);
  const variance = `${(100 * validationSomaExplainedVariance).toFixed(1)} %`;
  return `epoch ${epoch + 1}/${epochs}: loss ${readable(trainLoss)}, validation ${readable(validationLoss)}, AUC ${auc}, soma ${variance}`;
}
