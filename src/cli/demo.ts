/** `twincell demo`: the main job, end to end, on a real neuron. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { parseExperiment } from '../experiment/index.ts';
import { demoCrosscheck, demoExperiment } from '../launch/demo.ts';
import { runAction } from './context.ts';
import { exitCodeOf } from './crosscheck.ts';
import { experimentFromOptions, overlay, type SharedOptions, withShared } from './options.ts';
import { printSummary, runWithProgress, summaryJson } from './run.ts';
import { prepareOptions } from './simulate.ts';

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'simulate a layer-5 pyramidal cell, cross-check it, train a network to predict it, and show it all on a page',
    );
  withShared(command, ['model', 'models', 'trials', 'seconds', 'seed', 'workers', 'out']);
  command.action((options: SharedOptions) =>
    runAction('demo', options.json === true, async (context) => {
      const out = options.out ?? join('runs', 'demo');
      const { output } = context;
      output.line(
        'A layer-5 pyramidal cell: NEURON, an independent TypeScript solver, and a network that predicts it.',
      );
      output.line(`Everything goes to ${out}; stopping and running again continues.\n`);
      const { seed, model } = options;
      const cell = model === undefined ? {} : { cell: { model } };
      const experiment = parseExperiment(overlay(demoExperiment(seed, options.trials), experimentFromOptions(options)));
      const crosscheck = parseExperiment(overlay(demoCrosscheck(seed), cell));
      const summary = await runWithProgress(
        experiment,
        { out, crosscheck, ...prepareOptions(options, context) },
        context,
      );
      printSummary(summary, context);
      output.result(summaryJson(summary));
      return summary.crosscheck === null ? 0 : exitCodeOf(summary.crosscheck);
    }),
  );
}
