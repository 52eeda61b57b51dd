/**
 * Committing trials. A shard is written whole and renamed, then one line of the journal says so; when all trials are
 * there, the manifest replaces the journal. Whatever happens in between, each trial is committed or it is not.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { DatasetError } from '../errors.ts';
import { sha256 } from '../experiment/identity.ts';
import { appendLine, asWriteError, writeWhole } from '../files.ts';
import { type Header, Manifest, NeuronCheck, type NeuronShare, Shard, shardFile } from './manifest.ts';
import { type EncodedTrial, encodeShard, type TrialRecord } from './shard.ts';

const JOURNAL = 'journal.jsonl';
const MANIFEST = 'manifest.json';
const isShard = Compile(Shard);
const isCheck = Compile(NeuronCheck);
const isManifest = Compile(Manifest);

export interface DatasetWriter {
  /** Trials committed so far, by index. */
  readonly committed: ReadonlyMap<number, Shard>;
  commit(record: TrialRecord): Promise<Shard>;
  /** The same for a trial whose bytes were made elsewhere. */
  commitEncoded(trial: EncodedTrial): Promise<Shard>;
  /** Writes the manifest over all committed trials. */
  finish(): Promise<Manifest>;
}

/**
 * Opens a folder for the trials of one experiment, new or begun earlier.
 * @throws DatasetError where the folder holds another experiment's data
 */
export async function openWriter(folder: string, header: Header): Promise<DatasetWriter> {
  await mkdir(join(folder, 'trials'), { recursive: true }).catch((cause) => {
    throw asWriteError(cause, folder);
  });
  const { committed, trials, neuron } = await readCommitted(folder, header.identity);
  const { experiment } = header;
  const simulation = { ...experiment.simulation, trials: Math.max(trials, experiment.simulation.trials) };
  const manifest = (complete: boolean): Manifest => ({
    ...header,
    // Asking for fewer trials than are there takes none away.
    experiment: { ...experiment, simulation },
    complete,
    shards: [...committed.values()].sort((a, b) => a.trial - b.trial),
    ...(neuron === undefined ? {} : { neuron: ofShards(neuron, committed) }),
  });
  // From the first moment the folder says whose it is.
  await writeManifest(folder, manifest(false));
  const commit = async ({ bytes, ...trial }: EncodedTrial): Promise<Shard> => {
    const file = shardFile(trial.trial);
    await writeWhole(join(folder, file), bytes);
    const shard: Shard = {
      trial: trial.trial,
      file,
      sha256: trial.sha256,
      bytes: bytes.length,
      rows: 1,
      events: trial.events,
      spikes: trial.spikes,
    };
    await appendJournal(folder, shard);
    committed.set(shard.trial, shard);
    return shard;
  };
  return {
    committed,
    commit: (record) => commit(encodeShard(record)),
    commitEncoded: commit,
    async finish() {
      const whole = manifest(true);
      await writeManifest(folder, whole);
      return whole;
    },
  };
}

/** Writes the manifest and ends the journal: what it said stands in the manifest now, but a line a power cut left unfinished. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(join(folder, JOURNAL), { force: true });
}

/** Makes one line of the journal last: what the manifest will hold. */
export function appendJournal(folder: string, entry: Shard | { readonly neuronCheck: NeuronCheck }): Promise<void> {
  return appendLine(join(folder, JOURNAL), JSON.stringify(entry));
}

/** Without the checks of trials whose bytes are no longer the ones that were compared. */
export function ofShards(neuron: NeuronShare, shards: ReadonlyMap<number, Shard>): NeuronShare {
  return { ...neuron, trials: neuron.trials.filter(({ trial, sha256 }) => shards.get(trial)?.sha256 === sha256) };
}

/** The manifest of a folder with what its journal adds, or null where there is none. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, MANIFEST);
  const text = await readIfThere(path);
  if (text === null) return null;
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new DatasetError('the manifest is not JSON', { path, cause });
  }
  if (!isManifest.Check(manifest)) throw new DatasetError('this is not the manifest of a twincell data set', { path });
  const journal = journalLines((await readIfThere(join(folder, JOURNAL))) ?? '');
  const { neuron } = manifest;
  return {
    ...manifest,
    shards: byTrial([...manifest.shards, ...journal.shards]),
    ...(neuron === undefined ? {} : { neuron: { ...neuron, trials: byTrial([...neuron.trials, ...journal.checks]) } }),
  };
}

/** Rising, the last of each trial. */
function byTrial<T extends { readonly trial: number }>(entries: readonly T[]): T[] {
  return [...new Map(entries.map((entry) => [entry.trial, entry])).values()].sort((a, b) => a.trial - b.trial);
}

/** Lines that are whole; a power cut can leave half a line at the end, whose trial is simply made again. */
function journalLines(text: string): { shards: Shard[]; checks: NeuronCheck[] } {
  const shards: Shard[] = [];
  const checks: NeuronCheck[] = [];
  for (const line of text.split('\n')) {
    try {
      const value = JSON.parse(line) as { neuronCheck?: unknown } | null;
      if (isShard.Check(value)) shards.push(value);
      else if (isCheck.Check(value?.neuronCheck)) checks.push(value.neuronCheck);
    } catch {}
  }
  return { shards, checks };
}

async function readCommitted(
  folder: string,
  identity: string,
): Promise<{ committed: Map<number, Shard>; trials: number; neuron?: NeuronShare | undefined }> {
  const manifest = await readManifest(folder);
  if (manifest === null) return { committed: new Map(), trials: 0 };
  requireOwn(manifest, folder, identity);
  const kept = new Map<number, Shard>();
  for (const shard of manifest.shards) {
    // A shard counts only if its bytes are the ones that were committed.
    const bytes = await readFile(join(folder, shard.file)).catch(() => null);
    if (bytes !== null && sha256(bytes) === shard.sha256) kept.set(shard.trial, shard);
  }
  const trials = manifest.complete ? manifest.experiment.simulation.trials : 0;
  return { committed: kept, trials, neuron: manifest.neuron };
}

/** Nothing is wrong with a folder that holds no data yet. @throws DatasetError where it holds another experiment's */
export async function requireOwnFolder(folder: string, identity: string): Promise<void> {
  const manifest = await readManifest(folder);
  if (manifest !== null) requireOwn(manifest, folder, identity);
}

function requireOwn(manifest: Manifest, folder: string, identity: string): void {
  if (manifest.identity !== identity) {
    throw new DatasetError('this folder holds the data of another experiment', {
      path: folder,
      remedy:
        'Choose another folder with --out. (The seed, the cell, the stimulus, the time step, the length of a trial, ' +
        `the model files and the versions must be the same; experiment ${manifest.identity.slice(0, 12)} is here, ` +
        `${identity.slice(0, 12)} was asked for.)`,
    });
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new DatasetError('cannot be read', { path, cause });
  }
}
