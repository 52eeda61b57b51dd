/** Cross-checks the import of morphology files: our own against NEURON's Import3d. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ensureEnvironment, type SetupEvent } from '../../../env/index.mjs';
import { InterruptedError, InvalidModelFileError } from '../../errors.ts';
import { importMorphology, type Morphology } from '../../model/morphology/index.ts';
import { setupError } from '../../model/setup-error.ts';
import { compareMorphologies, DISCRETISATION, GEOMETRY_TOLERANCE, type MorphologyComparison } from './compare.ts';
import { type NeuronRefusal, startNeuronImporter } from './neuron-side.ts';

/**
 * - agrees: the same structure, areas and axial resistances within 1e-12;
 * - differs: not, or NEURON cannot import what we can;
 * - refused: we do not import it; `neuron` says whether NEURON does.
 */
export type MorphologyStatus = 'agrees' | 'differs' | 'refused';

export interface MorphologyVerdict extends Partial<MorphologyComparison> {
  readonly file: string;
  readonly status: MorphologyStatus;
  /** What NEURON made of the file. */
  readonly neuron: 'imported' | 'refused';
  /** Why it is refused, or what differs; empty where both agree. */
  readonly message: string;
  /** To blame (from 1), where it is known. */
  readonly line?: number;
}

export interface MorphologyCheckOptions {
  /** Paths of .asc and .swc files. */
  readonly files: readonly string[];
  readonly signal?: AbortSignal;
  readonly report?: (event: SetupEvent) => void;
  /** Told as each file is judged. */
  readonly onVerdict?: (verdict: MorphologyVerdict, done: number, total: number) => void;
}

/** One verdict a file, in the order of the files. */
export async function crosscheckMorphologies(options: MorphologyCheckOptions): Promise<MorphologyVerdict[]> {
  const { files, signal, report } = options;
  const environment = await ensureEnvironment('neuron', { ...(signal && { signal }), ...(report && { report }) }).catch(
    (error: unknown) => {
      throw setupError(error);
    },
  );
  const neuron = await startNeuronImporter(environment.python, signal);
  const verdicts: MorphologyVerdict[] = [];
  try {
    for (const file of files) {
      if (signal?.aborted) throw new InterruptedError('interrupted while morphologies were cross-checked');
      const ours = await ownImport(file);
      const theirs = await neuron.import({ file: resolve(file), ...DISCRETISATION });
      const verdict = verdictOf(file, ours, theirs);
      verdicts.push(verdict);
      options.onVerdict?.(verdict, verdicts.length, files.length);
    }
  } finally {
    await neuron.close();
  }
  return verdicts;
}

async function ownImport(file: string): Promise<Morphology | InvalidModelFileError> {
  try {
    return importMorphology(await read(file), file);
  } catch (error) {
    if (error instanceof InvalidModelFileError) return error;
    throw error;
  }
}

/** Byte by byte: what counts in a morphology is ASCII. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (cause) {
    throw new InvalidModelFileError(`it cannot be read: ${(cause as Error).message}`, { file, cause });
  }
}

function verdictOf(
  file: string,
  ours: Morphology | InvalidModelFileError,
  theirs: Parameters<typeof compareMorphologies>[1] | NeuronRefusal,
): MorphologyVerdict {
  const neuron = 'sections' in theirs ? 'imported' : 'refused';
  if (ours instanceof InvalidModelFileError) {
    const line = ours.line === undefined ? {} : { line: ours.line };
    return { file, status: 'refused', neuron, message: ours.message, ...line };
  }
  if (!('sections' in theirs)) {
    const line = theirs.line === null ? {} : { line: theirs.line };
    return { file, status: 'differs', neuron, message: `NEURON does not import it: ${theirs.message}`, ...line };
  }
  const comparison = compareMorphologies(ours, theirs);
  const { sameStructure, maxAreaDifference, maxAxialDifference, differences } = comparison;
  const close = Math.max(maxAreaDifference, maxAxialDifference) <= GEOMETRY_TOLERANCE;
  const first = differences[0];
  const message =
    first === undefined ? '' : `${first.what} of ${first.where}: ${first.ours} here, ${first.neuron} in NEURON`;
  return { file, status: sameStructure && close ? 'agrees' : 'differs', neuron, message, ...comparison };
}
