/** A cell described without NEURON: its files read, its mechanisms compiled, its morphology imported by src/model. */
import { readFile } from 'node:fs/promises';
import { InvalidModelFileError, RefusedError } from '../errors.ts';
import type { KernelProgram } from '../kernel/program.ts';
import type { ModelCard } from '../model/card.ts';
import { importCell } from '../model/import.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { Mechanisms } from '../solver/index.ts';
import type { CellRequest } from './engine.ts';
import { initialised } from './initialised.ts';
import { compileFiles } from './mechanisms.ts';

/** NEURON's own density mechanisms, in the order in which it registers them. */
const BUILTINS = ['pas', 'hh'];
/** The experiment's synapses, which a described cell has. */
const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'];

type Describe = (cell: CellRequest, signal?: AbortSignal) => Promise<CellSnapshot>;

/**
 * Describes cells by our own import.
 * @param builders asked where a card names a hoc or Python builder, which only NEURON can run; such cards are refused without it
 */
export function ownDescribe(builders?: Describe): Describe {
  return (cell, signal) => {
    const made = cell.card.construction.kind === 'morphology' || builders === undefined;
    return made ? describeCell(cell) : builders(cell, signal);
  };
}

async function describeCell(cell: CellRequest): Promise<CellSnapshot> {
  const { card, morphology, mechanisms: files, passive, skFactor } = cell;
  const mechanisms = await compileFiles(files, [...BUILTINS, ...SYNAPSES, ...mechanismsOf(card)]);
  if (!passive) refuse(card, mechanisms);
  const [builtins, programs] = programsOf(mechanisms);
  const text = morphology === null ? '' : await readMorphology(morphology);
  const fileName = morphology ?? card.name;
  const made = importCell({
    card,
    morphologyText: text,
    fileName,
    passive,
    skFactor,
    programs,
    builtins,
    synapses: true,
  });
  return initialised(made, mechanisms);
}

function mechanismsOf({ regions }: ModelCard): string[] {
  return Object.values(regions).flatMap(({ mechanisms }) => Object.keys(mechanisms));
}

/** A mechanism of the card that the compiler refuses is refused here, with its reason. */
function refuse(card: ModelCard, { refused }: Mechanisms): void {
  for (const name of mechanismsOf(card)) {
    const reason = refused.get(name);
    if (reason === undefined) continue;
    throw new RefusedError(`the solver does not run mechanism ${name}: ${reason}`, {
      construct: `mechanism ${name}`,
      remedy: 'Use --passive for a cell without active channels, or --engine neuron.',
    });
  }
}

/** NEURON's own first, then those of the files in their order. */
function programsOf({ kernels }: Mechanisms): [KernelProgram[], KernelProgram[]] {
  const builtins = BUILTINS.flatMap((name) => kernels.get(name)?.program ?? []);
  const programs = [...kernels.values()].map(({ program }) => program).filter(({ name }) => !BUILTINS.includes(name));
  return [builtins, programs];
}

/** Byte by byte: a file may be in any encoding, as long as what counts in it is ASCII. */
async function readMorphology(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (cause) {
    throw new InvalidModelFileError(`it cannot be read: ${(cause as Error).message}`, { file, cause });
  }
}
