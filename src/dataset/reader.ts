/** Reading a data set, and checking it against its manifest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetError, InterruptedError } from '../errors.ts';
import { sha256 } from '../experiment/identity.ts';
import type { Manifest, Shard } from './manifest.ts';
import { decodeTrial, type TrialRecord } from './shard.ts';
import { readManifest } from './writer.ts';

export interface Dataset {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Reads one trial and checks its hash. @throws DatasetError */
  readTrial(trial: number): Promise<TrialRecord>;
}

/** Opens a data set. @throws DatasetError where the folder is not one */
export async function openDataset(folder: string): Promise<Dataset> {
  const manifest = await readManifest(folder);
  if (manifest === null) {
    const remedy = 'Give the folder that `twincell simulate --out` wrote.';
    throw new DatasetError('there is no data set here (no manifest.json)', { path: folder, remedy });
  }
  const byTrial = new Map(manifest.shards.map((shard) => [shard.trial, shard]));
  return {
    folder,
    manifest,
    async readTrial(trial) {
      const shard = byTrial.get(trial);
      if (shard === undefined) throw new DatasetError(`trial ${trial} is not in the data set`, { path: folder });
      return readShard(folder, shard);
    },
  };
}

async function readShard(folder: string, shard: Shard): Promise<TrialRecord> {
  const path = join(folder, shard.file);
  const bytes = await readFile(path).catch((cause) => {
    throw new DatasetError('the shard is missing', { path, cause, remedy: REMEDY });
  });
  const found = sha256(bytes);
  if (bytes.length !== shard.bytes || found !== shard.sha256) {
    const message = `expected ${shard.bytes} bytes with sha256 ${shard.sha256}, found ${bytes.length} with ${found}`;
    throw new DatasetError(message, { path, remedy: REMEDY });
  }
  const record = decodeTrial(bytes, path);
  if (
    record.trial !== shard.trial ||
    record.spikes.length !== shard.spikes ||
    record.events.time.length !== shard.events
  ) {
    throw new DatasetError('the trial inside is not the one the manifest names', { path, remedy: REMEDY });
  }
  return record;
}

const REMEDY = 'Run the same simulation again into this folder: it replaces what is missing or damaged.';

/** What is wrong with a data set, shard by shard; empty when all is well. */
export async function verifyDataset(
  dataset: Dataset,
  { onShard, signal }: { onShard?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<string[]> {
  const problems: string[] = [];
  const { shards, experiment, complete } = dataset.manifest;
  const { trials } = experiment.simulation;
  const missing = Array.from({ length: trials }, (_, k) => k).filter((k) => !shards.some((shard) => shard.trial === k));
  if (missing.length > 0 || !complete) problems.push(`incomplete: trials missing: ${missing.join(', ') || 'none'}`);
  for (const [done, shard] of shards.entries()) {
    if (signal?.aborted) throw new InterruptedError('the check was stopped', { cause: signal.reason });
    try {
      await readShard(dataset.folder, shard);
    } catch (error) {
      problems.push((error as Error).message);
    }
    onShard?.(done + 1, shards.length);
  }
  return problems;
}
