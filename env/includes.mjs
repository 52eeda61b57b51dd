/** What `.mod` files INCLUDE, brought along to where NEURON's compiler runs. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';

/**
 * A file by its name from the folder of the `.mod` file.
 * @typedef {{ name: string, text: Buffer }} Included
 */

/**
 * The files that a text includes, and those that they include, named from the folder of the `.mod` file.
 * @param {Buffer} text
 * @param {string} folder of the `.mod` file
 * @param {string} [within] folder of the text, in that one
 * @param {Set<string>} [seen]
 * @returns {Promise<Included[]>}
 */
export async function includesOf(text, folder, within = '', seen = new Set()) {
  const found = [];
  for (const [, written = ''] of text.toString('latin1').matchAll(/\bINCLUDE\s*"([^"\n]+)"/g)) {
    // NEURON looks from the .mod file's folder, twincell from that of the text: both find what they find where it comes from.
    for (const name of [normalize(written), join(within, written)]) {
      // A whole path is the same for the compiler; the solver refuses it.
      if (seen.has(name) || isAbsolute(written) || levelsUp(name) > namesOf(folder).length) continue;
      const included = await readFile(join(folder, name)).catch(() => null);
      if (included === null) continue;
      seen.add(name);
      found.push({ name, text: included }, ...(await includesOf(included, folder, dirname(name), seen)));
    }
  }
  return found;
}

/**
 * A place for the `.mod` files of a folder whose INCLUDEs go equally far up: there what is included finds its place inside, and
 * nothing that comes from elsewhere.
 * @param {string} from the folder of the `.mod` file
 * @param {readonly Included[]} includes
 * @param {Map<string, string>} folders places so far
 */
export function folderFor(from, includes, folders) {
  const above = Math.max(0, ...includes.map(({ name }) => levelsUp(name)));
  const key = `${above} ${from}`;
  const folder = folders.get(key) ?? join(`d${folders.size}`, ...lastNames(from, above));
  folders.set(key, folder);
  return folder;
}

/** @param {readonly Included[]} includes @param {string} folder of the `.mod` file */
export async function writeIncludes(includes, folder) {
  for (const { name, text } of includes) {
    const target = join(folder, name);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** How many folders up a name goes. @param {string} name normalized */
function levelsUp(name) {
  return name.split(/[\\/]/).filter((part) => part === '..').length;
}

/** @param {string} folder */
function namesOf(folder) {
  return resolve(folder)
    .split(/[\\/]/)
    .slice(1)
    .filter((name) => name !== '');
}

/**
 * The last names of a folder's path, by which what stands in the folders above finds back into it; others where a shell or make
 * would trip over them.
 * @param {string} folder
 * @param {number} count
 */
function lastNames(folder, count) {
  const names = namesOf(folder);
  return names.slice(names.length - count).map((name, k) => (/^\w[\w.-]*$/.test(name) ? name : `above${k}`));
}
