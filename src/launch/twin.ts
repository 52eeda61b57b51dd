/** Training and scoring twins of a data set, with the torch sidecar started for it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEnvironment, type SetupEvent } from '../../env/index.mjs';
import { type CallProgress, type Sidecar, startSidecar } from '../bridge/index.ts';
import { openDataset } from '../dataset/index.ts';
import { InvalidModelFileError } from '../errors.ts';
import type { Twin } from '../experiment/index.ts';
import { setupError } from '../model/setup-error.ts';
import {
  evaluateTwin,
  readOrigin,
  type TrainedTwin,
  type TrainReport,
  type TwinEvaluation,
  type TwinOrigin,
  trainTwin,
  unseenTrials,
} from '../twin/index.ts';

/** What every call on the torch sidecar may be told. */
export interface TorchOptions {
  readonly signal?: AbortSignal;
  readonly report?: (event: SetupEvent) => void;
  readonly onProgress?: (progress: CallProgress) => void;
}

export interface TrainExperimentOptions extends TorchOptions {
  /** Folder of the data set. */
  readonly dataset: string;
  readonly twin: Twin;
  readonly seed: number;
  /** How many trials of the data set, counted from the first, are split; all unless given. */
  readonly trials?: number;
  /** sha256 that the checkpoint carries. */
  readonly identity: string;
  /** The `.safetensors` file to write. */
  readonly checkpoint: string;
  /** Told after each epoch. */
  readonly onReport?: (report: TrainReport) => void;
}

/** Trains a twin on the training trials of a data set; its test trials are never read. */
export async function train(options: TrainExperimentOptions): Promise<TrainedTwin & { readonly versions: Versions }> {
  const { dataset: folder, report: _report, ...rest } = options;
  const dataset = await openDataset(folder);
  return withTorch(options, async (sidecar) => {
    const trained = await trainTwin({ ...rest, sidecar, dataset });
    return { ...trained, versions: sidecar.info.versions };
  });
}

export interface EvaluateExperimentOptions extends TorchOptions {
  readonly dataset: string;
  readonly checkpoint: string;
  /** How many of the trials that the twin has not seen to score, counted from the last; unless given, those held out for it. */
  readonly test?: number;
  readonly device?: Twin['training']['device'];
  readonly threads?: number;
}

/**
 * Scores a twin on trials it has not seen: its checkpoint says which it has.
 * @throws UsageError where more are asked for; InvalidModelFileError where the checkpoint is none
 */
export async function evaluate(options: EvaluateExperimentOptions): Promise<TwinEvaluation> {
  const { dataset: folder, report: _report, test, ...rest } = options;
  const dataset = await openDataset(folder);
  const { identity, shards } = dataset.manifest;
  const trials = unseenTrials(await originOf(options.checkpoint), identity, shards.length, test);
  return withTorch(options, (sidecar) => evaluateTwin({ ...rest, sidecar, dataset, trials }));
}

async function originOf(checkpoint: string): Promise<TwinOrigin> {
  const bytes = await readFile(checkpoint).catch((cause) => {
    throw new InvalidModelFileError(`it cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      file: checkpoint,
      cause,
      remedy: 'Name the .safetensors file that `twincell train` wrote with --checkpoint.',
    });
  });
  return readOrigin(bytes, checkpoint);
}

type Versions = Readonly<Record<string, string>>;

async function withTorch<T>({ signal, report }: TorchOptions, work: (sidecar: Sidecar) => Promise<T>): Promise<T> {
  const asked = { ...(signal ? { signal } : {}), ...(report ? { report } : {}) };
  const { python } = await ensureEnvironment('torch', asked).catch((error) => {
    throw setupError(error);
  });
  const sidecar = await startSidecar({ python, kind: 'torch', ...(signal ? { signal } : {}) });
  try {
    return await work(sidecar);
  } finally {
    await sidecar.close();
  }
}

/** Where a run keeps its twin. */
export function checkpointIn(folder: string): string {
  return join(folder, 'twin.safetensors');
}
