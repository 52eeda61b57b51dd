/**
 * What NEURON gave where it ran trials of the solver again, in the manifest of their data set. A data set is complete
 * without it: checks come after the trials, one commit each, and what was checked is not checked again.
 */
import { DatasetError } from '../errors.ts';
import type { Manifest, NeuronCheck, NeuronShare } from './manifest.ts';
import { appendJournal, ofShards, readManifest, writeManifest } from './writer.ts';

export interface CheckWriter {
  /** The data set, with what has been checked so far. */
  readonly manifest: Manifest;
  /** Checks so far, by trial. */
  readonly checked: ReadonlyMap<number, NeuronCheck>;
  commit(check: NeuronCheck): Promise<void>;
  /** Writes the manifest with all checks. */
  finish(): Promise<Manifest>;
}

/**
 * Opens a data set for checks. Asking for a smaller share than before takes none away.
 * @throws DatasetError where there is no data set
 */
export async function openChecks(folder: string, asked: Omit<NeuronShare, 'trials'>): Promise<CheckWriter> {
  const manifest = await readManifest(folder);
  if (manifest === null) throw new DatasetError('there is no data set here to check', { path: folder });
  const before = manifest.neuron ?? { ...asked, trials: [] };
  const shards = new Map(manifest.shards.map((shard) => [shard.trial, shard]));
  const { trials } = ofShards(before, shards);
  const checked = new Map(trials.map((check) => [check.trial, check]));
  const current = (): Manifest => ({
    ...manifest,
    neuron: {
      share: Math.max(asked.share, before.share),
      toleranceMv: asked.toleranceMv,
      trials: [...checked.values()].sort((a, b) => a.trial - b.trial),
    },
  });
  // The manifest says that NEURON is to run some again before any is.
  await writeManifest(folder, current());
  return {
    get manifest() {
      return current();
    },
    checked,
    async commit(check) {
      await appendJournal(folder, { neuronCheck: check });
      checked.set(check.trial, check);
    },
    async finish() {
      const whole = current();
      await writeManifest(folder, whole);
      return whole;
    },
  };
}

/** Whether a trial is what NEURON computes, within what the solver's mode promises. */
export function checkAgrees(check: NeuronCheck, toleranceMv: number): boolean {
  const { reproduced, spikesEqual, spikeStepsEqual, maxAbsDiffMv } = check;
  return reproduced && spikesEqual && spikeStepsEqual && maxAbsDiffMv !== null && maxAbsDiffMv <= toleranceMv;
}
