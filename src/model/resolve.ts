/** From a model's name to its card and its files, each with its hash. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureModelFiles, includesOf, type SetupEvent } from '../../env/index.mjs';
import { InvalidModelFileError, ModelNotFoundError } from '../errors.ts';
import { BUILTIN_CARDS, builtinCard } from './builtin.ts';
import type { FileSource, ModelCard, ModelFile } from './card.ts';
import { cardsIn, type FoundCard, insideFolder } from './folder.ts';
import { ensureModelDbFile } from './modeldb.ts';
import { setupError } from './setup-error.ts';

export interface ResolveOptions {
  /** Name of a card. */
  readonly model: string;
  /** A model folder, or the folder that holds several. */
  readonly models?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told about what is fetched on first use. */
  readonly report?: ((event: SetupEvent) => void) | undefined;
}

/** A card whose files are all here. */
export interface ResolvedModel {
  readonly card: ModelCard;
  /** Absolute path of the morphology; null where a builder makes the cell. */
  readonly morphology: string | null;
  /** Absolute paths of the card's `.mod` files, in their order of compilation. */
  readonly mechanisms: readonly string[];
  /** The model's own folder (absolute), or null for a built-in card. */
  readonly folder: string | null;
  /** sha256 of every file the cell is made of, by file name; what a mechanism includes is named after it: `leak.mod: rates.inc`. */
  readonly hashes: Readonly<Record<string, string>>;
}

/**
 * Finds a model and its files; what set-up fetches is fetched on first use.
 * @throws ModelNotFoundError where there is no such model, or a file is missing or not the one the card names
 * @throws InvalidExperimentError where a `model.json` is not a card
 */
export async function resolveModel(options: ResolveOptions): Promise<ResolvedModel> {
  const { card, folder } = await findCard(options);
  const { construction, mechanisms } = card;
  const find = fileFinder(options, card, folder);
  const morphology =
    construction.kind === 'morphology' ? await find(construction.source, construction.morphology) : null;
  const modFiles: string[] = [];
  for (const file of mechanisms.files) modFiles.push(await find(mechanisms.source, file));
  const builder =
    construction.kind === 'morphology'
      ? null
      : await find('folder', { file: construction.builder.split(':')[0] ?? '' });
  const hashes: Record<string, string> = {};
  for (const path of [morphology, builder, ...modFiles]) {
    if (path !== null) hashes[basename(path)] = await hashOf(path, card.name);
  }
  for (const path of modFiles) Object.assign(hashes, await includedHashes(path));
  return { card, morphology, mechanisms: modFiles, folder, hashes };
}

async function includedHashes(file: string): Promise<Record<string, string>> {
  const included = await includesOf(await readFile(file), dirname(file));
  return Object.fromEntries(
    included.map(({ name, text }) => [
      `${basename(file)}: ${name.replaceAll('\\', '/')}`,
      createHash('sha256').update(text).digest('hex'),
    ]),
  );
}

/** Names of all models there are: the built-in ones and those of a folder. */
export async function listModels(models?: string): Promise<string[]> {
  const own = models === undefined ? [] : await cardsIn(models);
  return [...BUILTIN_CARDS.map(({ name }) => name), ...own.map(({ card }) => card.name)];
}

async function findCard({ model, models }: ResolveOptions): Promise<FoundCard | { card: ModelCard; folder: null }> {
  const builtin = builtinCard(model);
  if (builtin !== undefined) return { card: builtin, folder: null };
  const own = models === undefined ? [] : await cardsIn(models);
  const found = own.filter(({ card }) => card.name === model);
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    const folders = found.map(({ folder }) => folder).join(' and ');
    throw new ModelNotFoundError(`there are several models called ${model}: in ${folders}`, { model });
  }
  const names = [...BUILTIN_CARDS, ...own.map(({ card }) => card)].map(({ name }) => name);
  const where = models === undefined ? '' : ` in ${models}`;
  throw new ModelNotFoundError(`there is no model ${model}${where}; there are: ${names.join(', ')}`, {
    model,
    remedy: 'Name one of these with --model, or the folder that holds your model.json with --models.',
  });
}

type FindFile = (source: FileSource, file: ModelFile) => Promise<string>;

/** How a card's files are found, each source asked only when a file needs it. */
function fileFinder(options: ResolveOptions, card: ModelCard, folder: string | null): FindFile {
  const { models, signal, report } = options;
  const fetched = once(async () => {
    try {
      return await ensureModelFiles({ ...(signal && { signal }), ...(report && { report }) });
    } catch (error) {
      throw setupError(error);
    }
  });
  const locate: FindFile = async (source, file) => {
    if (source === 'bluepyopt') return join((await fetched()).folder, file.file);
    if (source === 'modeldb') return ensureModelDbFile(file, { model: card.name, models, signal, report });
    if (folder === null)
      throw new ModelNotFoundError(`model ${card.name} has no folder of its own`, { model: card.name });
    return insideFolder(folder, file.file);
  };
  return async (source, file) => {
    const path = await locate(source, file);
    const hash = await hashOf(path, card.name);
    if (file.sha256 !== undefined && file.sha256 !== hash) {
      throw new InvalidModelFileError(
        `is not the file that model ${card.name} names: sha256 ${hash}, expected ${file.sha256}`,
        {
          file: path,
          remedy: 'Put back the file that belongs to the card, or correct the sha256 in the card.',
        },
      );
    }
    return path;
  };
}

async function hashOf(path: string, model: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new ModelNotFoundError(`model ${model} needs ${path}, which cannot be read (${code})`, { model, cause });
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
