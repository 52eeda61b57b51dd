/** What all contestants run: one cell, and the events of every trial, drawn once and given to each of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CellRequest, defineExperiment, type Experiment, type Prepared, prepare, type Trial } from 'twincell';
import { compileSources, type Mechanisms } from 'twincell/solver';
import { ensureEnvironment, ensureMechanisms, packageFolder, type SetupEvent } from '../../env/index.mjs';
import { cellParams } from '../../src/engine/neuron-requests.ts';
import { type CellSnapshot, compartmentRows } from '../../src/model/snapshot.ts';

export interface SubjectOptions {
  readonly model: string;
  readonly models?: string;
  /** Length of a trial (s), and how many there are. */
  readonly seconds: number;
  readonly trials: number;
  /** Every section has about this many times the card's segments; 1 unless given. */
  readonly finer?: number;
  readonly report?: (event: SetupEvent) => void;
}

export interface Subject {
  readonly options: SubjectOptions;
  readonly prepared: Prepared;
  readonly cell: CellRequest;
  readonly snapshot: CellSnapshot;
  readonly compartments: number;
  readonly trials: readonly Trial[];
}

/** Its first trials have output spikes, on both cells. */
const SEED = 1;

export async function createSubject(options: SubjectOptions): Promise<Subject> {
  const { model, models, seconds, trials, finer = 1, report } = options;
  const experiment: Experiment = defineExperiment({ seed: SEED, cell: { model }, simulation: { seconds, trials } });
  const prepared = await prepare(experiment, {
    ...(models === undefined ? {} : { models }),
    ...(report === undefined ? {} : { report }),
  });
  const cell = finerCell(prepared.cell, finer);
  const engine = prepared.createEngine('solver', 1);
  const snapshot = await engine.describe(cell);
  await engine.close();
  return {
    options,
    prepared,
    cell,
    snapshot,
    compartments: compartmentRows(snapshot).length,
    trials: Array.from({ length: trials }, (_, index) => prepared.trial(snapshot, index)),
  };
}

/** The same morphology with more segments. */
function finerCell(cell: CellRequest, finer: number): CellRequest {
  const { construction } = cell.card;
  if (finer === 1) return cell;
  if (construction.kind !== 'morphology' || typeof construction.segmentLength !== 'number') {
    throw new Error(`${cell.card.name}: only a morphology with segments of a given length can be made finer`);
  }
  const segmentLength = construction.segmentLength / finer;
  return { ...cell, card: { ...cell.card, construction: { ...construction, segmentLength } } };
}

/** NEURON's compiled mechanisms of the cell, and our own synapses and players. */
export async function neuronLibrary(
  subject: Subject,
): Promise<{ readonly python: string; readonly folder: string; readonly library: string }> {
  const { report } = subject.options;
  const setup = report === undefined ? {} : { report };
  const environment = await ensureEnvironment('neuron', setup);
  const modFiles = [...subject.cell.mechanisms, ...ownMechanisms('TwincellPlayer')];
  const { library } = await ensureMechanisms({ modFiles, environment, ...setup });
  return { python: environment.python, folder: environment.folder, library };
}

export function ownMechanisms(...besides: readonly string[]): string[] {
  return ['TwincellExcitatory', 'TwincellGaba', ...besides].map((name) =>
    join(packageFolder(), 'python', 'mechanisms', `${name}.mod`),
  );
}

/** The specification that `python/bench` builds the cell from; `more` is what a contestant needs besides. */
export function specOf(subject: Subject, more: Readonly<Record<string, unknown>>): string {
  const { cell, options, trials } = subject;
  return JSON.stringify({
    cell: cellParams(cell),
    models: options.models ?? null,
    dt: 0.025,
    trials: trials.map(({ events }) => ({ channel: Array.from(events.channel), time: Array.from(events.time) })),
    ...more,
  });
}

/** The cell's mechanisms for the solver. */
export async function solverMechanisms(subject: Subject): Promise<Mechanisms> {
  const files = [...subject.cell.mechanisms, ...ownMechanisms()];
  const sources = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  return compileSources(sources);
}
