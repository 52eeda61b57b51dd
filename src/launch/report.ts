/** The page of a run, from what the run left in its folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CrosscheckResult } from '../crosscheck/index.ts';
import { type Dataset, openDataset, type TrialRecord } from '../dataset/index.ts';
import { DatasetError, InterruptedError } from '../errors.ts';
import type { Experiment } from '../experiment/index.ts';
import { builtinCard } from '../model/index.ts';
import {
  type CellView,
  type CrosscheckView,
  type Identity,
  type InputRaster,
  type ReportData,
  type SimulatedBy,
  type Summary,
  type VoltageMovie,
  type WrittenReport,
  writeReport,
} from '../report/index.ts';
import { readTwinView } from './report-twin.ts';
import { readColumns, readJson } from './run-folder.ts';
import type { RunSummary } from './summary.ts';

/** How much of a trial the page's movie shows (ms). */
const MOVIE_MS = 1000;

type StoredCell = CellView & { readonly dendrite: readonly number[] };

/**
 * Makes `report.html` of a run again from its folder.
 * @throws DatasetError where the folder is not a run's
 */
export async function reportFolder(
  folder: string,
  file = join(folder, 'report.html'),
  signal?: AbortSignal,
): Promise<WrittenReport> {
  const data = await reportData(folder);
  // Nothing is written once it was stopped.
  if (signal?.aborted) throw new InterruptedError('the page was not made', { cause: signal.reason });
  return writeReport(data, file);
}

/** What the page of a run shows. */
export async function reportData(folder: string): Promise<ReportData> {
  const experiment = await readJson<Experiment>(folder, 'experiment.json');
  const summary = await readJson<RunSummary>(folder, 'summary.json');
  if (experiment === null || summary === null) {
    const remedy = 'Give the folder that `twincell run --out` or `twincell demo` wrote.';
    throw new DatasetError('this is not the folder of a run (no experiment.json and summary.json)', {
      path: folder,
      remedy,
    });
  }
  const dataset = existsSync(join(folder, 'data', 'manifest.json')) ? await openDataset(join(folder, 'data')) : null;
  const cell = await readJson<StoredCell>(folder, 'cell.json');
  const twin = dataset === null ? undefined : await readTwinView(folder, dataset, experiment);
  const shown = twin?.view.prediction?.trial ?? 0;
  const record = dataset?.manifest.shards.some((shard) => shard.trial === shown)
    ? await dataset.readTrial(shown)
    : null;
  const crosscheck = await readCrosscheck(folder);
  return {
    title: experiment.name,
    ...(experiment.description === '' ? {} : { description: experiment.description }),
    identity: identityOf(experiment, summary, dataset, twin?.checkpointSha256),
    ...(dataset === null ? {} : { simulatedBy: simulatedBy(dataset) }),
    summary: summaryOf(summary),
    ...(cell === null ? {} : { cell }),
    ...(cell === null || record === null ? {} : movieOf(cell, record, experiment)),
    ...(cell === null || record === null ? {} : { input: inputOf(cell, record) }),
    ...(crosscheck === null ? {} : { crosscheck }),
    ...neuronShareOf(dataset, experiment),
    ...(twin === undefined ? {} : { twin: twin.view }),
  };
}

function summaryOf(summary: RunSummary): Summary {
  const { trials, seconds, spikes, crosscheck, twin, wallTimes } = summary;
  return {
    trials,
    simulatedSeconds: trials * seconds,
    spikes,
    firingRateHz: spikes / (trials * seconds),
    ...(crosscheck === null || crosscheck.status === 'refused'
      ? {}
      : { crosscheckMaxAbsDiffMv: crosscheck.maxAbsDiffMv }),
    ...(twin === null ? {} : { auc: twin.auc }),
    ...(twin?.somaExplainedVariance == null ? {} : { somaExplainedVariance: twin.somaExplainedVariance }),
    wallTimes: Object.entries(wallTimes).map(([step, time]) => ({ step, seconds: time })),
  };
}

function identityOf(
  experiment: Experiment,
  summary: RunSummary,
  dataset: Dataset | null,
  checkpoint?: string,
): Identity {
  const dependencies = dataset?.manifest.dependencies;
  const files = Object.entries(dependencies?.modelFiles ?? {}).map(([name, sha256]) => ({ name, sha256 }));
  const locks = Object.entries(dependencies?.locks ?? {}).map(([name, sha256]) => ({ name: `${name}.lock`, sha256 }));
  const card = builtinCard(experiment.cell.model);
  return {
    experiment: experiment.name,
    seed: experiment.seed,
    hashes: [
      { name: 'experiment', sha256: summary.identity },
      ...(dataset === null ? [] : [{ name: 'data', sha256: dataset.manifest.identity }]),
      ...(checkpoint === undefined ? [] : [{ name: 'twin', sha256: checkpoint }]),
      ...files,
      ...locks,
    ],
    versions: Object.entries(summary.versions).map(([name, version]) => ({ name, version })),
    ...(card === undefined ? {} : { licences: [{ what: card.title, licence: card.licence, source: card.citation }] }),
  };
}

/** The manifest's word, not the experiment's: a solver's data are of one mode. */
function simulatedBy({ manifest: { experiment, dependencies } }: Dataset): SimulatedBy {
  const { engine } = experiment.simulation;
  const [mode] = dependencies.arithmetic?.split(' ') ?? [];
  return engine === 'solver' && mode !== undefined ? { engine, mode } : { engine };
}

function neuronShareOf(dataset: Dataset | null, { simulation }: Experiment): Pick<ReportData, 'neuronShare'> {
  const neuron = dataset?.manifest.neuron;
  if (neuron === undefined) return {};
  const checks = neuron.trials.filter(({ trial }) => trial < simulation.trials);
  return { neuronShare: { ...neuron, trials: simulation.trials, checks } };
}

async function readCrosscheck(folder: string): Promise<CrosscheckView | null> {
  const result = await readJson<CrosscheckResult & { dt: number; passive: boolean }>(folder, 'crosscheck.json');
  const traces = await readColumns(folder, 'crosscheck.arrow');
  const neuron = traces?.neuron;
  const solver = traces?.solver;
  if (result === null || !(neuron instanceof Float64Array) || !(solver instanceof Float64Array)) return null;
  const { status, passive, maxAbsDiffMv, rmsDiffMv, toleranceMv, sites, samples, events, spikes, voltageRangeMv } =
    result;
  return {
    trial: 0,
    status,
    passive,
    timeMs: Float64Array.from(neuron, (_, step) => step * result.dt),
    neuron,
    solver,
    maxAbsDiffMv,
    rmsDiffMv,
    toleranceMv,
    sites,
    samples,
    events,
    // Peaks of a passive membrane above the threshold are input, not output.
    ...(passive ? {} : { spikes }),
    voltageRangeMv,
    maxAbsDiffPerSite: Float64Array.from(result.bySite, (site) => site.maxAbsMv),
  };
}

/** Rows of the compartments of a stored cell. */
function compartments(cell: StoredCell): number[] {
  return Array.from({ length: cell.segment.length }, (_, row) => row).filter((row) => (cell.segment[row] ?? -1) >= 0);
}

/** A second of the trial around its first spike. Soma and axon, which a data set holds no voltages of, show the soma's. */
function movieOf(
  cell: StoredCell,
  record: TrialRecord,
  { simulation }: Experiment,
): { movie: VoltageMovie } | Record<string, never> {
  const dendrites = voltagesOf(record);
  if (dendrites === null) return {};
  const samples = Math.min(MOVIE_MS, record.durationMs);
  const spike = record.spikes.find((time) => time >= 500) ?? record.spikes[0] ?? 0;
  const startMs = Math.max(0, Math.min(Math.round(spike) - 300, record.durationMs - samples));
  const rows = compartments(cell);
  const values = new Float32Array(rows.length * samples);
  for (const [site, row] of rows.entries()) {
    const channel = cell.dendrite[row] ?? -1;
    const trace =
      channel < 0 ? record.soma : dendrites.subarray(channel * record.durationMs, (channel + 1) * record.durationMs);
    values.set(trace.subarray(startMs, startMs + samples), site * samples);
  }
  const engine = simulation.engine === 'neuron' ? 'NEURON' : 'twincell’s own solver';
  return { movie: { engine, trial: record.trial, compartments: rows.length, samples, startMs, stepMs: 1, values } };
}

function voltagesOf({ dendrites }: TrialRecord): Float32Array | null {
  if (dendrites === undefined) return null;
  if (dendrites instanceof Float32Array) return dendrites;
  return Float32Array.from(new Float16Array(dendrites.buffer, dendrites.byteOffset, dendrites.length));
}

function inputOf(cell: StoredCell, record: TrialRecord): InputRaster {
  const tree: CellView['sectionType'][number][] = [];
  for (const [row, channel] of cell.dendrite.entries()) {
    if (channel >= 0) tree[channel] = cell.sectionType[row] ?? 'other';
  }
  return { trial: record.trial, durationMs: record.durationMs, events: record.events, tree };
}
