/** The folder of mechanism files: what is in it, its copy, texts and how they are encoded. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../errors.ts';

/** What compilers and tools leave, and nobody wrote. */
const BUILT = new Set(['x86_64', 'aarch64', 'arm64', 'i686', 'powerpc', 'umac', '.git', 'node_modules']);

/** All `.mod` files of a folder and its subfolders, as paths inside it. */
export async function modFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw new UsageError(`cannot read the folder ${folder} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.mod'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(sep).some((part) => BUILT.has(part)))
    .sort();
}

/** Copies all of a folder but what compilers built, into a place that holds nothing yet. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const source = await realpath(from);
  const target = existsSync(to) ? await realpath(to) : resolve(to);
  const remedy = 'Name a folder that does not exist yet, or an empty one.';
  if (target === source || target.startsWith(source + sep)) {
    throw new UsageError(`--out ${to} is the folder with the originals, or inside it; originals are never changed`, {
      remedy,
    });
  }
  if (existsSync(target) && (await readdir(target)).length > 0) {
    throw new UsageError(`--out ${to} is not empty`, { remedy });
  }
  await mkdir(target, { recursive: true });
  await cp(source, target, { recursive: true, filter: (path) => path === source || !BUILT.has(basename(path)) });
}

/** The text of a file and its encoding: UTF-8, or where it is not that, Latin-1, so that writing it back changes nothing. */
export async function readText(file: string): Promise<{ text: string; encoding: 'utf8' | 'latin1' }> {
  const bytes = await readFile(file);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'utf8' };
  } catch {
    return { text: bytes.toString('latin1'), encoding: 'latin1' };
  }
}

/** Whether another file beside the given one defines a function of this name. */
export type DefinedBeside = (file: string, name: string) => boolean;

/** Looks into the sources of a folder, each folder read once. */
export function createDefinedBeside(): DefinedBeside {
  const folders = new Map<string, readonly { readonly name: string; readonly text: string }[]>();
  const textsOf = (folder: string) => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const texts = readdirSync(folder)
      .filter((name) => /\.(?:mod|inc|h|hpp|c|cpp)$/.test(name))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'latin1') }));
    folders.set(folder, texts);
    return texts;
  };
  return (file, name) => {
    const pattern = new RegExp(`\\b${name}\\s*\\([^;{}]*\\)[^;{}]*(?:;[^{}]*)?\\{`);
    return textsOf(dirname(file)).some((other) => other.name !== basename(file) && pattern.test(other.text));
  };
}
