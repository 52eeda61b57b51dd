/** `twincell dataset info|verify|export`. */
import { resolve } from 'node:path';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { exportNpz, openDataset, verifyDataset } from '../dataset/index.ts';
import { neuronSummary } from '../launch/summary.ts';
import { required, runAction } from './context.ts';
import { type SharedOptions, withShared } from './options.ts';
import { neuronText } from './simulate.ts';

export function addDataset(program: Command): void {
  const dataset = program.command('dataset').description('look at, check and export data sets');
  addInfo(dataset);
  addVerify(dataset);
  addExport(dataset);
}

function addInfo(dataset: Command): void {
  const command = dataset.command('info').description('what a data set holds').argument('<folder>');
  withShared(command, []).action((folder: string, options: SharedOptions) =>
    runAction('dataset info', options.json === true, async ({ output }) => {
      const { manifest } = await openDataset(folder);
      const { experiment, shards, identity, complete, dendrites, trialMs } = manifest;
      const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
      const spikes = shards.reduce((sum, shard) => sum + shard.spikes, 0);
      const events = shards.reduce((sum, shard) => sum + shard.events, 0);
      const trials = `${shards.length} of ${experiment.simulation.trials}${complete ? '' : ' (unfinished)'}`;
      const table = new Table({ style: { head: [], border: [] } });
      table.push(
        { experiment: experiment.name },
        { identity },
        {
          model: `${experiment.cell.model}, ${experiment.cell.condition}${experiment.cell.passive ? ', passive' : ''}`,
        },
        {
          engine: `${experiment.simulation.engine}, dt ${experiment.simulation.dt} ms, order ${experiment.simulation.order}`,
        },
        { trials },
        { 'trial length': `${trialMs} ms` },
        { channels: `${2 * dendrites} (${dendrites} excitatory, ${dendrites} inhibitory)` },
        { events: String(events) },
        { spikes: String(spikes) },
        { size: `${(bytes / 1e6).toFixed(1)} MB` },
      );
      const neuron = neuronSummary(manifest);
      if (neuron !== null) table.push({ 'run again on NEURON': neuronText(neuron) });
      output.line(table.toString());
      output.result({
        folder: resolve(folder),
        identity,
        complete,
        trials: shards.length,
        trialMs,
        dendrites,
        events,
        spikes,
        bytes,
        neuron,
        experiment,
      });
      return 0;
    }),
  );
}

function addVerify(dataset: Command): void {
  const command = dataset.command('verify').description('check every shard against the manifest').argument('<folder>');
  withShared(command, []).action((folder: string, options: SharedOptions) =>
    runAction('dataset verify', options.json === true, async ({ output, progress, signal }) => {
      const opened = await openDataset(folder);
      const task = progress.task('Verifying', opened.manifest.shards.length);
      const problems = await verifyDataset(opened, { onShard: (done) => task.update(done), signal });
      task.finish();
      for (const problem of problems) output.line(problem);
      if (problems.length === 0) output.line(`${opened.manifest.shards.length} shards are what the manifest says`);
      output.result({ folder: resolve(folder), shards: opened.manifest.shards.length, problems });
      return problems.length === 0 ? 0 : 2;
    }),
  );
}

function addExport(dataset: Command): void {
  const command = dataset
    .command('export')
    .description('X (trials × channels × ms, bool), spikes (trials × ms, bool) and soma (trials × ms, mV) for NumPy')
    .argument('<folder>')
    .addOption(new Option('--format <name>', 'file format').choices(['npz']).default('npz'));
  withShared(command, ['out']).action((folder: string, options: SharedOptions) =>
    runAction('dataset export', options.json === true, async ({ output, progress, signal }) => {
      const file = required(options.out, '--out <file>');
      const opened = await openDataset(folder);
      const { shards, trialMs, dendrites } = opened.manifest;
      const task = progress.task('Exporting', 3 * shards.length);
      await exportNpz(opened, file, { onTrial: (done) => task.update(done), signal });
      task.finish();
      output.line(`${file}: X ${shards.length} × ${2 * dendrites} × ${trialMs}, spikes, soma`);
      output.result({ file: resolve(file), trials: shards.length, channels: 2 * dendrites, trialMs });
      return 0;
    }),
  );
}
