/** A cell's `.mod` files and our own, read and compiled for the solver. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../env/index.mjs';
import { InvalidModelFileError } from '../errors.ts';
import { readIncluded } from '../mods/included.ts';
import type { Source } from '../nmodl/source.ts';
import { compileSources, type Mechanisms } from '../solver/index.ts';

/** The synapses that every experiment has; the events come as a table. */
const OWN = ['TwincellExcitatory', 'TwincellGaba'];

/**
 * Compiles the files' mechanisms that are wanted, and NEURON's own.
 * @param files absolute paths
 * @param wanted names of mechanisms
 * @throws InvalidModelFileError where a file cannot be read
 */
export async function compileFiles(files: readonly string[], wanted: Iterable<string>): Promise<Mechanisms> {
  const own = OWN.map((name) => join(packageFolder(), 'python', 'mechanisms', `${name}.mod`));
  const sources = await Promise.all([...files, ...own].map(readSource));
  return compileSources(sources, { wanted, include: readIncluded });
}

async function readSource(file: string): Promise<Source> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    throw new InvalidModelFileError(`it cannot be read: ${(cause as Error).message}`, { file, cause });
  }
}
