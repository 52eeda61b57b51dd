/**
 * A first experiment from a script: two short trials of the layer-5 pyramidal cell, stored as a data set, and one of them
 * read back.
 *
 *     node --conditions=twincell-source examples/first-experiment.ts [folder]
 */
import { defineExperiment, openDataset, simulate } from 'twincell';

export const experiment = defineExperiment({
  name: 'first',
  seed: 7,
  cell: { model: 'l5pc-bbp', condition: 'NMDA' },
  simulation: { trials: 2, seconds: 0.2 },
});

if (import.meta.main) {
  const out = process.argv[2] ?? 'runs/first-experiment';
  const manifest = await simulate(experiment, { out });
  const { readTrial } = await openDataset(out);
  const { soma, events } = await readTrial(0);
  const peak = soma.reduce((most, mv) => Math.max(most, mv), Number.NEGATIVE_INFINITY);
  console.log(`${manifest.shards.length} trials of ${manifest.trialMs} ms; data ${manifest.identity.slice(0, 12)}`);
  console.log(`trial 0: ${events.time.length} presynaptic spikes, the soma reaches ${peak.toFixed(1)} mV`);
}
