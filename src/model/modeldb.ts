/** The morphology of Hay et al. 2011, which only its authors distribute: from a folder of the user's, or from ModelDB. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { cacheFolder, type SetupEvent } from '../../env/index.mjs';
import { InterruptedError, ModelNotFoundError } from '../errors.ts';
import { writeWhole } from '../files.ts';
import type { ModelFile } from './card.ts';

/** Where ModelDB serves entry 139653 as one archive; `TWINCELL_MODELDB` names another address (a mirror). */
const DOWNLOAD = 'https://modeldb.science/download/139653';
/** Longest wait for the archive (ms), and the most it may weigh (bytes); it has about 10 MB. */
const TIMEOUT_MS = 120_000;
const LARGEST = 200e6;

export interface ModelDbOptions {
  readonly model: string;
  readonly models?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((event: SetupEvent) => void) | undefined;
}

/**
 * Absolute path of the file: in the user's folder or a folder in it, in the cache, or downloaded into the cache.
 * @throws ModelNotFoundError saying how to get it, or that a file of that name has other contents
 */
export async function ensureModelDbFile(file: ModelFile, options: ModelDbOptions): Promise<string> {
  const wanted = file.sha256;
  const own = options.models === undefined ? [] : await candidates(resolve(options.models), file.file);
  for (const { path, hash } of own) if (wanted === undefined || hash === wanted) return path;
  const [wrong] = own;
  if (wrong !== undefined) {
    throw new ModelNotFoundError(
      `${wrong.path} is not the file that model ${options.model} is made of: sha256 ${wrong.hash}, expected ${wanted}`,
      {
        model: options.model,
        remedy: 'Replace it by the file of ModelDB entry 139653, unchanged, or name another folder with --models.',
      },
    );
  }
  const cached = join(cacheFolder(), 'models', 'modeldb-139653', file.file);
  const bytes = await readFile(cached).catch(() => null);
  if (bytes !== null && (wanted === undefined || sha256Of(bytes) === wanted)) return cached;
  await writeWhole(cached, await download(file, options));
  return cached;
}

/** Files of that name in a folder and in the folders in it, with their hashes. */
async function candidates(root: string, name: string): Promise<{ path: string; hash: string }[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = [root, ...entries.filter((entry) => !entry.isFile()).map((entry) => join(root, entry.name))];
  const found: { path: string; hash: string }[] = [];
  for (const folder of folders) {
    const path = join(folder, name);
    const bytes = await readFile(path).catch(() => null);
    if (bytes !== null) found.push({ path, hash: sha256Of(bytes) });
  }
  return found;
}

async function download(file: ModelFile, options: ModelDbOptions): Promise<Uint8Array> {
  const address = process.env.TWINCELL_MODELDB ?? DOWNLOAD;
  const step = `morphology of ${options.model}`;
  options.report?.({ step, state: 'start', message: `downloading ${address}` });
  let archive: Uint8Array;
  try {
    archive = await fetchBytes(address, options.signal);
  } catch (cause) {
    if (options.signal?.aborted) throw new InterruptedError('interrupted while a morphology was downloaded', { cause });
    throw missing(file, options.model, `${address} could not be read (${reasonOf(cause)})`, cause);
  }
  const bytes = entryOf(archive, file, options.model, address);
  options.report?.({ step, state: 'done' });
  return bytes;
}

async function fetchBytes(address: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(address, { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > LARGEST) throw new Error(`more than ${LARGEST / 1e6} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The archive's file of that name with the right contents. */
function entryOf(archive: Uint8Array, file: ModelFile, model: string, address: string): Uint8Array {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(archive, { filter: ({ name }) => posix.basename(name) === file.file });
  } catch (cause) {
    throw missing(file, model, `what ${address} gave is not a zip archive`, cause);
  }
  const found = Object.values(entries);
  const right = found.find((bytes) => file.sha256 === undefined || sha256Of(bytes) === file.sha256);
  if (right !== undefined) return right;
  const hashes = found.map(sha256Of).join(', ');
  const what = found.length === 0 ? 'holds no such file' : `holds it with sha256 ${hashes}, not ${file.sha256}`;
  throw missing(file, model, `the archive at ${address} ${what}`);
}

function missing(file: ModelFile, model: string, reason: string, cause?: unknown): ModelNotFoundError {
  return new ModelNotFoundError(`model ${model} needs ${file.file}, which is not here: ${reason}`, {
    model,
    cause,
    remedy: [
      'Download ModelDB entry 139653 (https://modeldb.science/139653, "Download zip file") and unpack it;',
      `its morphologies/${file.file} is the file. Then name the folder that holds it: --models FOLDER`,
      `Another address for the archive: TWINCELL_MODELDB=URL. Or use the model that needs no download by hand: --model l5pc-bbp`,
    ].join('\n'),
  });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
