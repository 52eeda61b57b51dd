/** `twincell setup`: prepares ahead of time what commands would otherwise prepare on first use. */
import { type Command, Option } from 'commander';
import { ensureEnvironment, ensureModelFiles } from '../../env/index.mjs';
import { createNeuronEngine } from '../engine/neuron.ts';
import { parseExperiment } from '../experiment/index.ts';
import { prepare } from '../launch/prepare.ts';
import { runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';
import { prepareOptions } from './simulate.ts';

interface SetupOptions extends SharedOptions {
  readonly without?: 'torch';
}

export function addSetup(program: Command): void {
  const command = program
    .command('setup')
    .description('prepare Python environments, model files and compiled mechanisms now')
    .addOption(
      new Option('--without <environment>', 'leave an environment out (torch is 5 GB with its CUDA libraries)').choices(
        ['torch'],
      ),
    );
  withShared(command, ['model', 'models']).action((options: SetupOptions) =>
    runAction('setup', options.json === true, async (context) => {
      const { output, report, signal } = context;
      const neuron = await ensureEnvironment('neuron', { report, signal });
      output.line(`neuron environment: ${neuron.folder}`);
      const models = await ensureModelFiles({ report, signal });
      output.line(`model files: ${models.folder}`);
      output.line('  mechanisms and morphology of Hay et al. 2011: CC-BY-NC-SA 4.0, non-commercial use only');
      const prepared = await prepare(
        parseExperiment({ cell: { model: options.model ?? 'l5pc-bbp' } }),
        prepareOptions(options, context),
      );
      const engine = createNeuronEngine({ workers: 1, report, signal });
      try {
        const { nodes } = await engine.describe(prepared.cell, signal);
        output.line(`mechanisms of ${prepared.model.card.name}: compiled and tried (${nodes} nodes)`);
      } finally {
        await engine.close();
      }
      const torch = options.without === 'torch' ? null : await ensureEnvironment('torch', { report, signal });
      if (torch !== null) output.line(`torch environment: ${torch.folder}`);
      output.result({ neuron: neuron.folder, torch: torch?.folder ?? null, models: models.folder });
      return 0;
    }),
  );
}
