/** `twincell crosscheck DIR`: a whole model folder, its mechanisms and its morphologies, in one table and one page. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { exitCodeOf, type MechanismVerdict } from '../crosscheck/mechanism/index.ts';
import type { MorphologyVerdict } from '../crosscheck/morphology/index.ts';
import { UsageError } from '../errors.ts';
import { writeWhole } from '../files.ts';
import { type FolderPage, type FolderPart, renderFolderPage } from '../report/index.ts';
import { VERSION } from '../version.ts';
import type { Context } from './context.ts';
import { checkWithProgress, type ModOptions, overallMechanisms, printVerdicts } from './crosscheck-mod.ts';
import { checkMorphologies, overallMorphologies, printMorphologies } from './crosscheck-morphology.ts';
import { readable } from './output.ts';

/** Folders that hold compiled mechanisms or other people's code, not a model. */
const SKIPPED = new Set(['node_modules', 'x86_64', 'arm64', 'aarch64', 'umac', 'powerpc']);

/** Whether the argument is a folder, and so a model to cross-check. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Cross-checks everything in the folder, prints tables, and writes a page. */
export async function crosscheckFolder(
  folder: string,
  options: Pick<ModOptions, 'libm'> & { readonly out?: string },
  context: Context,
): Promise<0 | 1 | 2> {
  const mods = filesOf(folder, ['.mod']);
  const morphologies = filesOf(folder, ['.asc', '.swc']);
  if (mods.length + morphologies.length === 0) {
    throw new UsageError(`${folder} holds no .mod, .asc or .swc file`, {
      remedy: 'Name the folder of a model: the one with its mechanisms and morphologies.',
    });
  }
  const mechanisms =
    mods.length === 0
      ? []
      : await checkWithProgress(mods, options.libm === undefined ? {} : { libm: options.libm }, context);
  const shapes = morphologies.length === 0 ? [] : await checkMorphologies(morphologies, context);
  if (mechanisms.length > 0) printVerdicts(mechanisms, context);
  if (shapes.length > 0) printMorphologies(shapes, context);
  const code = exitCode(mechanisms, shapes);
  const page = resolve(options.out ?? join('runs', `crosscheck-${basename(resolve(folder))}.html`));
  await writeWhole(page, renderFolderPage(pageOf(folder, mechanisms, shapes, code === 0)));
  context.output.line(`The page: ${relative('', page)}`);
  context.output.result({ status: overall(mechanisms, shapes), page, mechanisms, morphologies: shapes });
  return code;
}

/** The worst of all files. */
function overall(mechanisms: readonly MechanismVerdict[], shapes: readonly MorphologyVerdict[]): string {
  const both = [overallMechanisms(mechanisms), overallMorphologies(shapes)];
  if (both.includes('differs')) return 'differs';
  return both.find((status) => status !== 'agrees') ?? 'agrees';
}

/** What differs weighs more than what is refused. */
function exitCode(mechanisms: readonly MechanismVerdict[], shapes: readonly MorphologyVerdict[]): 0 | 1 | 2 {
  const codes = [exitCodeOf(mechanisms), ...shapes.map(shapeCode)];
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0;
}

function shapeCode({ status }: MorphologyVerdict): 0 | 1 | 2 {
  return ({ agrees: 0, differs: 1, refused: 2 } as const)[status];
}

/** Files of these endings in the folder and below, by name. */
function filesOf(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.some((ending) => file.toLowerCase().endsWith(ending)))
    .filter((file) => !file.split(sep).some((part) => part.startsWith('.') || SKIPPED.has(part)))
    .sort()
    .map((file) => join(folder, file));
}

function pageOf(
  folder: string,
  mechanisms: readonly MechanismVerdict[],
  shapes: readonly MorphologyVerdict[],
  good: boolean,
): FolderPage {
  return {
    name: basename(resolve(folder)),
    good,
    status: good ? 'NEURON and twincell agree' : 'Not everything agrees',
    identity: [
      { term: 'Folder', value: basename(resolve(folder)) },
      { term: 'twincell', value: VERSION },
      { term: 'Mechanisms', value: String(mechanisms.length) },
      { term: 'Morphologies', value: String(shapes.length) },
    ],
    parts: [mechanismPart(folder, mechanisms), morphologyPart(folder, shapes)],
  };
}

function mechanismPart(folder: string, verdicts: readonly MechanismVerdict[]): FolderPart {
  return {
    id: 'mechanisms',
    title: 'Mechanisms',
    lead:
      'Each file was compiled by NEURON and by twincell, put on a compartment and on a cable, with and without spikes, and ' +
      'driven; the potential, every ion and every variable of the mechanism were compared after every step.',
    heads: ['mechanism', 'largest relative difference', 'what it did in NEURON'],
    rows: verdicts.map(({ file, mechanism, status, bitEqual, maxRelative, effects, message }) => ({
      file: relative(folder, file),
      status,
      good: status === 'agrees',
      cells: [
        mechanism,
        bitEqual ? '0 (every bit)' : Number.isNaN(maxRelative) ? '' : readable(maxRelative),
        effects.join(', '),
      ],
      message,
    })),
  };
}

function morphologyPart(folder: string, verdicts: readonly MorphologyVerdict[]): FolderPart {
  const number = (value: number | undefined) => (value === undefined ? '' : readable(value));
  return {
    id: 'morphologies',
    title: 'Morphologies',
    lead: 'Each file was imported by NEURON and by twincell; sections, points, areas and axial resistances were compared.',
    heads: ['sections', 'compartments', 'largest relative difference of area', 'of axial resistance'],
    rows: verdicts.map((one) => ({
      file: relative(folder, one.file),
      status: one.status,
      good: one.status === 'agrees',
      cells: [one.sections, one.compartments, one.maxAreaDifference, one.maxAxialDifference].map(number),
      message: one.message,
    })),
  };
}
