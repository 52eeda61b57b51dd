/** A whole run into one folder: simulate, cross-check, train, score, report. Each step's result is stored as it ends. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrosscheckResult } from '../crosscheck/index.ts';
import { type Manifest, requireOwnFolder, type SimulateProgress } from '../dataset/index.ts';
import { dataIdentity, type Experiment, experimentIdentity, neuronShareOf } from '../experiment/index.ts';
import { asWriteError } from '../files.ts';
import type { CellSnapshot } from '../model/index.ts';
import { cellView, type WrittenReport } from '../report/index.ts';
import type { TrainReport, TwinEvaluation } from '../twin/index.ts';
import { claimFolder } from './claim.ts';
import { crosscheckPrepared } from './crosscheck.ts';
import { assertModeFits, lockHash, type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import { reportFolder } from './report.ts';
import { writeColumns, writeJson } from './run-folder.ts';
import { simulateShare, simulateTrials } from './simulate.ts';
import { neuronSummary, type RunSummary } from './summary.ts';
import { checkpointIn, evaluate, train } from './twin.ts';

/** The steps of a run, in order. */
export type Step = 'crosscheck' | 'simulate' | 'check' | 'train' | 'evaluate' | 'report';

export interface RunExperimentOptions extends PrepareOptions {
  /** Folder of the run. */
  readonly out: string;
  /** Also compare NEURON and the solver, on this variant of the experiment. */
  readonly crosscheck?: Experiment;
  readonly onStep?: (step: Step, state: 'start' | 'done') => void;
  /** How far a step is, in its own unit. */
  readonly onProgress?: (step: Step, done: number, total: number, message: string) => void;
}

/** Runs everything an experiment asks for. What an earlier run of the same experiment left in the folder is used again. */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<RunSummary> {
  const { out } = options;
  await mkdir(out, { recursive: true }).catch((cause) => {
    throw asWriteError(cause, out);
  });
  return claimFolder(out, () => runClaimed(experiment, options));
}

async function runClaimed(experiment: Experiment, options: RunExperimentOptions): Promise<RunSummary> {
  const { out } = options;
  const clock = new Stopwatch(options.onStep);
  const prepared = await prepare(experiment, options);
  assertModeFits(prepared);
  const identity = await identityOf(prepared);
  // Before anything is written: a folder of another experiment stays as it is.
  await requireOwnFolder(join(out, 'data'), dataIdentity(experiment, prepared.dependencies));
  await writeJson(out, 'experiment.json', experiment);
  const checked =
    options.crosscheck === undefined ? null : await clock.time('crosscheck', () => crosscheckStep(options));
  const simulated = await clock.time('simulate', () => simulateStep(prepared, options));
  const checks = neuronShareOf(experiment) > 0;
  const manifest = checks ? await clock.time('check', () => checkStep(prepared, options)) : simulated;
  const trained = await twinSteps(prepared, identity, options, clock);
  const { trials, seconds } = experiment.simulation;
  const shards = manifest.shards.slice(0, trials);
  const base = {
    identity,
    trials,
    seconds,
    spikes: shards.reduce((sum, shard) => sum + shard.spikes, 0),
    events: shards.reduce((sum, shard) => sum + shard.events, 0),
    neuron: neuronSummary(manifest),
    crosscheck: checked === null ? null : withoutSites(checked),
    twin: trained?.scores ?? null,
    versions: { ...prepared.versions(), ...trained?.versions },
    report: join(out, 'report.html'),
  };
  // Once before the page, which shows it, and once after, with the page's own time.
  await writeJson(out, 'summary.json', { ...base, wallTimes: clock.seconds });
  const { file }: WrittenReport = await clock.time('report', () => reportFolder(out));
  const summary: RunSummary = { ...base, report: file, wallTimes: clock.seconds };
  await writeJson(out, 'summary.json', summary);
  return summary;
}

/** A twin also hangs on the environment that trains it. */
async function identityOf({ experiment, dependencies }: Prepared): Promise<string> {
  if (experiment.twin === undefined) return experimentIdentity(experiment, dependencies);
  const locks = { ...dependencies.locks, torch: await lockHash('torch') };
  return experimentIdentity(experiment, { ...dependencies, locks });
}

function withoutSites({ bySite: _bySite, ...verdict }: CrosscheckResult): Omit<CrosscheckResult, 'bySite'> {
  return verdict;
}

/** Times the steps and announces them. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};
  readonly #onStep: RunExperimentOptions['onStep'];

  constructor(onStep: RunExperimentOptions['onStep']) {
    this.#onStep = onStep;
  }

  async time<T>(step: Step, work: () => Promise<T>): Promise<T> {
    this.#onStep?.(step, 'start');
    const started = performance.now();
    const result = await work();
    this.seconds[step] = Math.round(performance.now() - started) / 1000;
    this.#onStep?.(step, 'done');
    return result;
  }
}

async function crosscheckStep(options: RunExperimentOptions): Promise<CrosscheckResult> {
  const experiment = options.crosscheck as Experiment;
  const prepared = await prepare(experiment, options);
  const traces: { neuron: Float64Array; solver: Float64Array }[] = [];
  const result = await crosscheckPrepared(prepared, {
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: (ms, total) => options.onProgress?.('crosscheck', ms, total, `${Math.round(ms)} of ${total} ms`),
    onSoma(trial, neuron, solver) {
      if (trial === 0) traces.push({ neuron, solver });
    },
  });
  await writeJson(options.out, 'crosscheck.json', {
    ...result,
    dt: experiment.simulation.dt,
    passive: experiment.cell.passive,
  });
  const [first] = traces;
  if (first !== undefined) await writeColumns(options.out, 'crosscheck.arrow', first);
  return result;
}

async function simulateStep(prepared: Prepared, options: RunExperimentOptions): Promise<Manifest> {
  let snapshot: CellSnapshot | undefined;
  const manifest = await simulateTrials(prepared, {
    out: join(options.out, 'data'),
    ...(options.signal ? { signal: options.signal } : {}),
    onDescribe(cell) {
      snapshot = cell;
    },
    onProgress({ timeMs, totalMs, committed, trials }: SimulateProgress) {
      const message = `${(timeMs / 1000).toFixed(1)} of ${totalMs / 1000} s, ${committed} of ${trials} trials`;
      options.onProgress?.('simulate', timeMs, totalMs, message);
    },
  });
  if (snapshot !== undefined) await writeJson(options.out, 'cell.json', plainCell(prepared.model.card.name, snapshot));
  return manifest;
}

function checkStep(prepared: Prepared, { out, signal, onProgress }: RunExperimentOptions): Promise<Manifest> {
  return simulateShare(prepared, {
    out: join(out, 'data'),
    ...(signal ? { signal } : {}),
    onCheck({ timeMs, totalMs, checked, trials }) {
      onProgress?.('check', timeMs, totalMs, `${checked} of ${trials} trials`);
    },
  });
}

/** The tree as JSON: typed arrays become lists. */
function plainCell(name: string, snapshot: CellSnapshot): unknown {
  const plain = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
    if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  };
  return plain({ ...cellView(name, snapshot), dendrite: snapshot.dendrite });
}

interface TrainedAndScored {
  readonly scores: NonNullable<RunSummary['twin']>;
  readonly versions: Readonly<Record<string, string>>;
}

async function twinSteps(
  prepared: Prepared,
  identity: string,
  options: RunExperimentOptions,
  clock: Stopwatch,
): Promise<TrainedAndScored | null> {
  const { twin, seed } = prepared.experiment;
  if (twin === undefined) return null;
  const { out } = options;
  const shared = {
    dataset: join(out, 'data'),
    checkpoint: checkpointIn(out),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.report ? { report: options.report } : {}),
  };
  const { reports, versions } = await clock.time('train', () =>
    train({
      ...shared,
      twin,
      seed,
      identity,
      // A folder may hold more trials than were asked for.
      trials: prepared.experiment.simulation.trials,
      onProgress: ({ done, total, message }) => options.onProgress?.('train', done, total, message),
    }),
  );
  await writeJson(out, 'training.json', reports satisfies readonly TrainReport[]);
  const evaluation = await clock.time('evaluate', () =>
    evaluate({
      ...shared,
      device: twin.training.device,
      threads: twin.training.threads,
      onProgress: ({ done, total, message }) => options.onProgress?.('evaluate', done, total, message),
    }),
  );
  await storeEvaluation(out, evaluation);
  const { auc, somaExplainedVariance, trials, spikes } = evaluation;
  return { scores: { auc, somaExplainedVariance, trials: trials.length, spikes }, versions };
}

/** Scores as JSON, each predicted trial as Arrow. */
export async function storeEvaluation(out: string, evaluation: TwinEvaluation): Promise<void> {
  const { predictions, ...scores } = evaluation;
  await writeJson(out, 'evaluation.json', { ...scores, predicted: predictions.map((one) => one.trial) });
  for (const { trial, probability, soma } of predictions) {
    await writeColumns(out, `prediction-${trial}.arrow`, { probability, soma });
  }
}
