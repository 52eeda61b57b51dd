/** A page that computes the cell of an experiment in a browser. */
import { type CellPage, writeCellPage } from '../browser/index.ts';
import { compileFiles } from '../engine/mechanisms.ts';
import { InterruptedError } from '../errors.ts';
import type { Experiment } from '../experiment/index.ts';
import type { KernelProgram } from '../kernel/index.ts';
import type { WrittenReport } from '../report/index.ts';
import { cellCircuit } from '../solver/index.ts';
import { paperInput } from '../stimulus/index.ts';
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts';

/** Mechanisms of the experiment's synapses. */
const SYNAPSES = ['TwincellExcitatory', 'TwincellGaba'];

/**
 * Writes the page of an experiment's cell, in mode exact where no other is asked for.
 * @throws RefusedError where the solver does not run the cell
 */
export async function writePage(
  experiment: Experiment,
  file: string,
  options: PrepareOptions = {},
): Promise<WrittenReport> {
  const page = await cellPage(await prepare(experiment, options));
  // Nothing is written once it was stopped.
  if (options.signal?.aborted) throw new InterruptedError('the page was not made', { cause: options.signal.reason });
  return writeCellPage(page, file);
}

/** What the page of a prepared experiment is made from. */
export async function cellPage({ experiment, model, cell, createEngine, options }: Prepared): Promise<CellPage> {
  const engine = createEngine('solver', 1);
  try {
    const snapshot = await engine.describe(cell, options.signal);
    const { synapses } = cell;
    const mechanisms = await compileFiles(cell.mechanisms, [...snapshot.mechanismOrder, ...SYNAPSES]);
    // Refuses here what would stop in the browser.
    const { circuit } = cellCircuit({ cell: snapshot, mechanisms, synapses });
    const programs = circuit.mechanisms.map(({ kernel }): KernelProgram => kernel.program);
    const { seconds, dt, order } = experiment.simulation;
    const { card } = model;
    return {
      model: card.name,
      title: card.title,
      placed: circuit.mechanisms.map(({ nodes }) => nodes.length),
      seed: experiment.seed,
      condition: experiment.cell.passive ? 'passive' : experiment.cell.condition,
      licences: [{ what: card.name, licence: card.licence, source: card.citation }],
      cell: {
        snapshot,
        programs,
        synapses,
        dt,
        order,
        mode: options.mode ?? 'exact',
        durationMs: Math.round(1000 * seconds),
        input: paperInput(experiment),
      },
    };
  } finally {
    await engine.close();
  }
}
