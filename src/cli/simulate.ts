/** `twincell simulate`: trials into a data set. */
import type { Command } from 'commander';
import type { Manifest, SimulateProgress } from '../dataset/index.ts';
import { UsageError } from '../errors.ts';
import type { Experiment } from '../experiment/index.ts';
import type { NeuronShareProgress } from '../launch/neuron-share.ts';
import { type Prepared, prepare } from '../launch/prepare.ts';
import { simulatePrepared } from '../launch/simulate.ts';
import { type NeuronSummary, neuronSummary } from '../launch/summary.ts';
import { type Context, required, runAction } from './context.ts';
import { experimentOf } from './experiment.ts';
import { type SharedOptions, TRIAL_OPTIONS, withShared } from './options.ts';
import { type Output, readable } from './output.ts';
import type { Task } from './progress.ts';

export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('run trials and store them as a data set; an unfinished one is continued')
    .argument('[experiment]', 'experiment file (.json, .ts, .mts); options override it');
  withShared(command, [...TRIAL_OPTIONS, 'engine', 'libm', 'neuronShare', 'workers', 'accelerate']);
  command.action((file: string | undefined, options: SharedOptions) =>
    runAction('simulate', options.json === true, async (context) => {
      const out = required(options.out, '--out <folder>');
      const experiment = await experimentOf(file, options);
      assertShareFits(options, experiment);
      const prepared = await prepare(experiment, prepareOptions(options, context));
      const manifest = await simulateWithProgress(prepared, out, context);
      const summary = summaryOf(manifest, experiment);
      context.output.line(
        `${summary.trials} ${summary.trials === 1 ? 'trial' : 'trials'}, ${summary.spikes} spikes (${summary.rateHz.toFixed(2)} Hz), in ${out}`,
      );
      context.output.line(`identity ${manifest.identity}`);
      tellNeuron(summary.neuron, context.output);
      context.output.result({ ...summary, out, identity: manifest.identity });
      return neuronExitCode(summary.neuron);
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
    ...(options.fastError === undefined ? {} : { fastError: options.fastError }),
    ...(options.accelerate === undefined ? {} : { accelerate: options.accelerate }),
    onAccelerated: (ms: number) =>
      context.output.note(`V8's revectorizer is used: the same bits as without it over ${ms} ms of a trial`),
  };
}

/** @throws UsageError where a share is asked for of trials that NEURON runs in the first place */
export function assertShareFits({ neuronShare }: SharedOptions, { simulation }: Experiment): void {
  if (neuronShare === undefined || simulation.engine === 'solver') return;
  throw new UsageError('--neuron-share is of the solver’s trials, and this experiment runs on NEURON', {
    remedy: 'Use --engine solver, or leave --neuron-share out.',
  });
}

/** 1 where NEURON gave something else. */
export function neuronExitCode(neuron: NeuronSummary | null): 0 | 1 {
  return neuron === null || neuron.trials === 0 || neuron.agrees ? 0 : 1;
}

/** What came of NEURON's share, in a line. */
export function neuronText({ trials, spikesEqual, spikeStepsEqual, maxAbsDiffMv }: NeuronSummary): string {
  if (trials === 0) return 'no trial yet';
  const most = maxAbsDiffMv === null ? 'a voltage that is no number' : `at most ${readable(maxAbsDiffMv)} mV apart`;
  const where = spikesEqual && spikeStepsEqual ? 'spikes at the same steps' : 'spikes at other times';
  return `${trials} ${trials === 1 ? 'trial' : 'trials'}: ${most}, ${where}`;
}

/** Says what came of NEURON's share; a difference also where standard output is redirected. */
export function tellNeuron(neuron: NeuronSummary | null, output: Output): void {
  if (neuron === null || neuron.trials === 0) return;
  output.line(`run again on NEURON: ${neuronText(neuron)}`);
  if (neuron.agrees) return;
  const { toleranceMv } = neuron;
  output.note(
    `warning: these are not all what NEURON computes, within ${toleranceMv} mV and with the spikes at the same steps.\n` +
      '  The manifest has each trial under "neuron"; `twincell crosscheck` finds what parts first. The data are kept.',
  );
}

/** Simulates with a progress bar. */
async function simulateWithProgress(prepared: Prepared, out: string, context: Context): Promise<Manifest> {
  const { trials, seconds, engine } = prepared.experiment.simulation;
  const all = Number((trials * seconds).toPrecision(12));
  const task = context.progress.task(`Simulating (${engine})`, trials * seconds * 1000);
  let told = false;
  const onProgress = ({ committed, timeMs }: SimulateProgress) => {
    if (!told && committed > 0) context.output.note(`${committed} of ${trials} trials were there`);
    told = true;
    task.update(timeMs, `${(timeMs / 1000).toFixed(1)} of ${all} s, ${committed} of ${trials} trials`);
  };
  let checking: Task | undefined;
  const onCheck = ({ checked, trials: toCheck, timeMs, totalMs }: NeuronShareProgress) => {
    if (checking === undefined) task.finish();
    checking ??= context.progress.task('Running a share again on NEURON', totalMs);
    checking.update(timeMs, `${checked} of ${toCheck} trials`);
  };
  const manifest = await simulatePrepared(prepared, { out, signal: context.signal, onProgress, onCheck });
  (checking ?? task).finish();
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
    neuron: neuronSummary(manifest),
  };
}
