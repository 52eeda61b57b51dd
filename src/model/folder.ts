/** Teams' own models: folders with a `model.json`, which holds a ModelCard. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { Value } from 'typebox/value';
import { InvalidExperimentError, InvalidModelFileError } from '../errors.ts';
import { shapeProblems, throwIfAny } from '../experiment/index.ts';
import { builtinCard } from './builtin.ts';
import { ModelCard } from './card.ts';

/** A card and the folder it was found in (absolute). */
export interface FoundCard {
  readonly card: ModelCard;
  readonly folder: string;
}

const CARD_FILE = 'model.json';

/**
 * Every card of a model folder, or of the folders in it.
 * @throws InvalidExperimentError where a `model.json` is not a card
 */
export async function cardsIn(models: string): Promise<FoundCard[]> {
  const root = resolve(models);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  const found: FoundCard[] = [];
  for (const folder of [root, ...folders.sort().map((name) => join(root, name))]) {
    const text = await readFile(join(folder, CARD_FILE), 'utf8').catch(() => null);
    if (text !== null) found.push({ card: parseCard(text, join(folder, CARD_FILE)), folder });
  }
  return found;
}

/** Checks a card's text; every problem is named by file and path. */
export function parseCard(text: string, file: string): ModelCard {
  const card = fromJson(text, file);
  throwIfAny(shapeProblems(ModelCard, card), file);
  const checked = card as ModelCard;
  if (builtinCard(checked.name) !== undefined) {
    const found = JSON.stringify(checked.name);
    throw new InvalidExperimentError({ file, path: '/name', expected: "a name that is not a built-in model's", found });
  }
  return checked;
}

function fromJson(text: string, file: string): unknown {
  try {
    return Value.Default(ModelCard, JSON.parse(text));
  } catch (cause) {
    throw new InvalidExperimentError({ file, path: '', expected: 'JSON', found: (cause as Error).message, cause });
  }
}

/** Absolute path of a file that a card names inside its own folder. */
export function insideFolder(folder: string, file: string): string {
  const path = resolve(folder, file);
  const way = relative(folder, path);
  if (way === '' || way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way) {
    const remedy = "Put the file into the model's folder, and name it relative to that.";
    throw new InvalidModelFileError(`names ${file}, which is not inside ${folder}`, {
      file: join(folder, CARD_FILE),
      remedy,
    });
  }
  return path;
}
