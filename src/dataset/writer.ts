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
import { type Header, Manifest, Shard, shardFile } from './manifest.ts';
import { encodeTrial, type TrialRecord } from './shard.ts';

const JOURNAL = 'journal.jsonl';
const MANIFEST = 'manifest.json';
const isShard = Compile(Shard);
const isManifest = Compile(Manifest);

export interface DatasetWriter {
  /** Trials committed so far, by index. */
  readonly committed: ReadonlyMap<number, Shard>;
  commit(record: TrialRecord): Promise<Shard>;
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
  const { committed, trials } = await readCommitted(folder, header.identity);
  const { experiment } = header;
  const simulation = { ...experiment.simulation, trials: Math.max(trials, experiment.simulation.trials) };
  const manifest = (complete: boolean): Manifest => ({
    ...header,
    // Asking for fewer trials than are there takes none away.
    experiment: { ...experiment, simulation },
    complete,
    shards: [...committed.values()].sort((a, b) => a.trial - b.trial),
  });
  // From the first moment the folder says whose it is.
  await writeWhole(join(folder, MANIFEST), manifestText(manifest(false)));
  // What the journal said stands in the manifest now; a line that a power cut left unfinished goes with it.
  await rm(join(folder, JOURNAL), { force: true });
  return {
    committed,
    async commit(record) {
      const bytes = encodeTrial(record);
      const file = shardFile(record.trial);
      await writeWhole(join(folder, file), bytes);
      const shard: Shard = {
        trial: record.trial,
        file,
        sha256: sha256(bytes),
        bytes: bytes.length,
        rows: 1,
        events: record.events.time.length,
        spikes: record.spikes.length,
      };
      await appendLine(join(folder, JOURNAL), JSON.stringify(shard));
      committed.set(record.trial, shard);
      return shard;
    },
    async finish() {
      const whole = manifest(true);
      await writeWhole(join(folder, MANIFEST), manifestText(whole));
      await rm(join(folder, JOURNAL), { force: true });
      return whole;
    },
  };
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
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
  const shards = new Map(manifest.shards.map((shard) => [shard.trial, shard]));
  for (const shard of journalLines((await readIfThere(join(folder, JOURNAL))) ?? '')) shards.set(shard.trial, shard);
  return { ...manifest, shards: [...shards.values()].sort((a, b) => a.trial - b.trial) };
}

/** Lines that are whole; a power cut can leave half a line at the end, whose trial is simply made again. */
function journalLines(text: string): Shard[] {
  const shards: Shard[] = [];
  for (const line of text.split('\n')) {
    try {
      const value: unknown = JSON.parse(line);
      if (isShard.Check(value)) shards.push(value);
    } catch {}
  }
  return shards;
}

async function readCommitted(
  folder: string,
  identity: string,
): Promise<{ committed: Map<number, Shard>; trials: number }> {
  const manifest = await readManifest(folder);
  if (manifest === null) return { committed: new Map(), trials: 0 };
  requireOwn(manifest, folder, identity);
  const kept = new Map<number, Shard>();
  for (const shard of manifest.shards) {
    // A shard counts only if its bytes are the ones that were committed.
    const bytes = await readFile(join(folder, shard.file)).catch(() => null);
    if (bytes !== null && sha256(bytes) === shard.sha256) kept.set(shard.trial, shard);
  }
  return { committed: kept, trials: manifest.complete ? manifest.experiment.simulation.trials : 0 };
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
