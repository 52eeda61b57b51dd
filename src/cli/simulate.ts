/** `twincell simulate`: trials into a data set. */
import type { Command } from 'commander';
import type { Manifest, SimulateProgress } from '../dataset/index.ts';
import type { Experiment } from '../experiment/index.ts';
import { type Prepared, prepare } from '../launch/prepare.ts';
import { simulatePrepared } from '../launch/simulate.ts';
import { type Context, required, runAction } from './context.ts';
import { experimentOf } from './experiment.ts';
import { type SharedOptions, TRIAL_OPTIONS, withShared } from './options.ts';

export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('run trials and store them as a data set; an unfinished one is continued')
    .argument('[experiment]', 'experiment file (.json, .ts, .mts); options override it');
  withShared(command, [...TRIAL_OPTIONS, 'engine', 'libm', 'workers']);
  command.action((file: string | undefined, options: SharedOptions) =>
    runAction('simulate', options.json === true, async (context) => {
      const out = required(options.out, '--out <folder>');
      const experiment = await experimentOf(file, options);
      const prepared = await prepare(experiment, prepareOptions(options, context));
      const manifest = await simulateWithProgress(prepared, out, context);
      const summary = summaryOf(manifest, experiment);
      context.output.line(
        `${summary.trials} ${summary.trials === 1 ? 'trial' : 'trials'}, ${summary.spikes} spikes (${summary.rateHz.toFixed(2)} Hz), in ${out}`,
      );
      context.output.line(`identity ${manifest.identity}`);
      context.output.result({ ...summary, out, identity: manifest.identity });
      return 0;
    }),
  );
}

/** The options every command passes on to `prepare`. */
export function prepareOptions(options: SharedOptions, context: Context) {
  return {
    signal: context.signal,
    report: context.report,
    ...(options.models === undefined ? {} : { models: options.models }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.libm === undefined ? {} : { libm: options.libm }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  };
}

/** Simulates with a progress bar. */
async function simulateWithProgress(prepared: Prepared, out: string, context: Context): Promise<Manifest> {
  const { trials, seconds, engine } = prepared.experiment.simulation;
  const task = context.progress.task(`Simulating (${engine})`, trials * seconds * 1000);
  let told = false;
  const onProgress = ({ committed, timeMs }: SimulateProgress) => {
    if (!told && committed > 0) context.output.note(`${committed} of ${trials} trials were there`);
    told = true;
    task.update(timeMs, `${(timeMs / 1000).toFixed(1)} of ${trials * seconds} s, ${committed} of ${trials} trials`);
  };
  const manifest = await simulatePrepared(prepared, { out, signal: context.signal, onProgress });
  task.finish();
  return manifest;
}

export function summaryOf(manifest: Manifest, { simulation }: Experiment) {
  const shards = manifest.shards.slice(0, simulation.trials);
  const spikes = shards.reduce((sum, shard) => sum + shard.spikes, 0);
  const events = shards.reduce((sum, shard) => sum + shard.events, 0);
  return {
    trials: shards.length,
    seconds: simulation.seconds,
    spikes,
    events,
    rateHz: spikes / (shards.length * simulation.seconds),
  };
}
