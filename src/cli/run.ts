/** `twincell run FILE`: everything an experiment asks for, into one folder. */
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '../experiment/index.ts';
import { runExperiment, type Step } from '../launch/run.ts';
import type { RunSummary } from '../launch/summary.ts';
import { type Context, runAction } from './context.ts';
import { experimentOf } from './experiment.ts';
import { type SharedOptions, TRIAL_OPTIONS, withShared } from './options.ts';
import { readable } from './output.ts';
import type { Task } from './progress.ts';
import { assertShareFits, neuronExitCode, prepareOptions, tellNeuron } from './simulate.ts';

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('run a whole experiment: simulate, train and score its twin if it has one, and make the page')
    .argument('<experiment>', 'experiment file (.json, .ts, .mts); options override it');
  withShared(command, [...TRIAL_OPTIONS, 'engine', 'neuronShare', 'workers', 'accelerate']);
  command.action((file: string, options: SharedOptions) =>
    runAction('run', options.json === true, async (context) => {
      const experiment = await experimentOf(file, options);
      assertShareFits(options, experiment);
      const out = options.out ?? join('runs', experiment.name.replaceAll(' ', '-'));
      const summary = await runWithProgress(experiment, { out, ...prepareOptions(options, context) }, context);
      printSummary(summary, context);
      context.output.result(summaryJson(summary));
      return neuronExitCode(summary.neuron);
    }),
  );
}

const TITLES: Readonly<Record<Step, string>> = {
  crosscheck: 'Cross-checking NEURON and TypeScript',
  simulate: 'Simulating',
  check: 'Running a share again on NEURON',
  train: 'Training the twin',
  evaluate: 'Scoring the twin',
  report: 'Making the page',
};

/** Runs with a progress bar a step. */
export async function runWithProgress(
  experiment: Experiment,
  options: Omit<Parameters<typeof runExperiment>[1], 'onStep' | 'onProgress'>,
  { progress, output }: Context,
): Promise<RunSummary> {
  const tasks = new Map<Step, Task>();
  const started = new Map<Step, number>();
  return runExperiment(experiment, {
    ...options,
    onStep(step, state) {
      if (state === 'start') started.set(step, performance.now());
      else {
        tasks.get(step)?.finish();
        const seconds = (performance.now() - (started.get(step) ?? 0)) / 1000;
        output.line(`✓ ${TITLES[step]} (${seconds.toFixed(1)} s)`);
      }
    },
    onProgress(step, done, total, message) {
      let task = tasks.get(step);
      if (task === undefined) {
        task = progress.task(TITLES[step], 1);
        tasks.set(step, task);
      }
      // A step's parts may count in units of their own.
      task.update(done / total, message);
    },
  });
}

export function printSummary(summary: RunSummary, { output }: Context): void {
  const { trials, seconds, spikes, crosscheck, twin, report } = summary;
  output.line();
  output.line(
    `trials        ${trials} of ${seconds} s, ${spikes} output spikes (${(spikes / (trials * seconds)).toFixed(2)} Hz)`,
  );
  tellNeuron(summary.neuron, output);
  if (crosscheck !== null) {
    const { status, maxAbsDiffMv, sites } = crosscheck;
    output.line(
      `cross-check   ${status}: at most ${readable(maxAbsDiffMv)} mV between NEURON and TypeScript at ${sites} sites`,
    );
  }
  if (twin !== null) {
    const auc = twin.auc === null ? 'not defined (no spike in the held-out trials)' : twin.auc.toFixed(4);
    output.line(`twin          AUC ${auc}, soma explained variance ${percent(twin.somaExplainedVariance)}`);
    output.line(`              on ${twin.trials} held-out trials with ${twin.spikes} spikes`);
  }
  output.line(`report        ${report}`);
}

function percent(fraction: number | null): string {
  return fraction === null ? 'not defined' : `${(100 * fraction).toFixed(1)} %`;
}

/** The keys other programs rely on. */
export function summaryJson(summary: RunSummary): Record<string, unknown> {
  return { ...summary };
}
