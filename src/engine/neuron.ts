/**
 * The NEURON engine: cells built and run by NEURON in Python sidecars, one process a worker.
 *
 * Trials run at once on all workers. Blocks of one trial come in order; with more than one worker, blocks of different
 * trials come interleaved, so consumers tell them apart by `trial`.
 */
import { join } from 'node:path';
import { ensureEnvironment, ensureMechanisms, packageFolder, type SetupEvent } from '../../env/index.mjs';
import { firstPart, type Sidecar, startSidecar } from '../bridge/index.ts';
import { isTwincellError } from '../errors.ts';
import { setupError } from '../model/setup-error.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import { requireTunableLibm, requireUnfused, UNFUSED } from './bitwise.ts';
import type { CellRequest, Engine, RunOptions, Trial, VoltageBlock } from './engine.ts';
import { handOut, type Next } from './hand-out.ts';
import { merge } from './merge.ts';
import { neuronError } from './neuron-errors.ts';
import { cellParams, DESCRIBE, RECORD, RUN, recordParams, runParams } from './neuron-requests.ts';
import { blockOf, eventsTable, snapshotOf } from './neuron-tables.ts';
import { windowOf } from './neuron-window.ts';
import type { WindowOptions, WindowRecord } from './window.ts';

export interface NeuronEngineOptions {
  /** The folder of models: builders inside it, and nothing else, may build cells. */
  readonly models?: string;
  /** Sidecars that run trials at once; 1 unless given. */
  readonly workers?: number;
  /** Whether NEURON is to round as `src/libm` does, for comparison to the last bit. */
  readonly bitwise?: boolean;
  readonly signal?: AbortSignal;
  /** Told about set-up that happens on first use. */
  readonly report?: (event: SetupEvent) => void;
}

/** Our own mechanisms, compiled after the card's. */
const OWN_MECHANISMS = ['TwincellExcitatory', 'TwincellGaba', 'TwincellPlayer'];

export interface NeuronEngine extends Engine {
  readonly name: 'neuron';
  /** `neuron`, `python`, `libc` → version; empty before the first `describe`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** An engine that prepares what it needs (environment, compiled mechanisms) and starts sidecars as they are needed. */
export function createNeuronEngine(options: NeuronEngineOptions = {}): NeuronEngine {
  return new Neuron(options);
}

class Neuron implements NeuronEngine {
  readonly name = 'neuron';
  versions: Readonly<Record<string, string>> = {};
  readonly #pool: SidecarPool;
  readonly #workers: number;
  readonly #bitwise: boolean;
  #described: { readonly key: string; readonly snapshot: CellSnapshot } | null = null;

  constructor(options: NeuronEngineOptions) {
    this.#pool = new SidecarPool(options);
    this.#bitwise = options.bitwise === true;
    this.#workers = Math.max(1, Math.floor(options.workers ?? 1));
  }

  async describe(cell: CellRequest, signal?: AbortSignal): Promise<CellSnapshot> {
    const key = JSON.stringify([cellParams(cell), cell.mechanisms]);
    if (this.#described?.key === key) return this.#described.snapshot;
    return this.#pool.use(cell.mechanisms, signal, async (sidecar) => {
      const parts = sidecar.call(DESCRIBE, { cell: cellParams(cell) }, signal && { signal });
      const { value, tables } = await firstPart(parts, DESCRIBE.name);
      const snapshot = snapshotOf(value, tables);
      this.versions = value.versions;
      if (this.#bitwise) requireUnfused(value.versions.rounding);
      this.#described = { key, snapshot };
      return snapshot;
    });
  }

  async *run(
    cell: CellRequest,
    trials: Iterable<Trial> | AsyncIterable<Trial>,
    options: RunOptions,
  ): AsyncGenerator<VoltageBlock> {
    const snapshot = await this.describe(cell, options.signal);
    const nextTrial = handOut(trials);
    // Leaving the loop early, or one worker's failure, stops all workers.
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
    const job: Job = { cell, snapshot, nextTrial, options: { ...options, signal } };
    const workers = Array.from({ length: this.#workers }, () => this.#work(job));
    yield* merge(workers, () => over.abort());
  }

  /** One worker: takes trials as long as there are any. */
  async *#work(job: Job): AsyncGenerator<VoltageBlock> {
    // A sidecar is only started for a worker that has something to do.
    let trial = await job.nextTrial();
    if (trial === null) return;
    const sidecar = await this.#pool.take(job.cell.mechanisms, job.options.signal);
    let failure: unknown = null;
    try {
      for (; trial !== null; trial = await job.nextTrial()) yield* runTrial(sidecar, trial, job);
    } catch (error) {
      failure = error;
      throw neuronError(error);
    } finally {
      await this.#pool.giveBack(sidecar, failure);
    }
  }

  async recordWindow(cell: CellRequest, trial: Trial, options: WindowOptions): Promise<WindowRecord> {
    const { signal } = options;
    const snapshot = await this.describe(cell, signal);
    return this.#pool.use(cell.mechanisms, signal, async (sidecar) => {
      const parts = sidecar.call(RECORD, recordParams(cell, snapshot, trial, options), {
        tables: { events: eventsTable(trial.events) },
        ...(signal && { signal }),
      });
      return windowOf(snapshot, options.firstStep, parts);
    });
  }

  async close(): Promise<void> {
    this.#described = null;
    await this.#pool.close();
  }
}

/** What the workers of one run share. */
interface Job {
  readonly cell: CellRequest;
  readonly snapshot: CellSnapshot;
  readonly nextTrial: Next<Trial>;
  readonly options: RunOptions;
}

async function* runTrial(sidecar: Sidecar, trial: Trial, job: Job): AsyncGenerator<VoltageBlock> {
  const { signal, onProgress } = job.options;
  const { index } = trial;
  const parts = sidecar.call(RUN, runParams(job.cell, job.snapshot, trial, job.options), {
    tables: { events: eventsTable(trial.events) },
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ done, total }) => onProgress({ trial: index, timeMs: done, totalMs: total }),
    }),
  });
  for await (const { value, tables } of parts) yield blockOf(index, value, tables);
}

/** Idle sidecars, and how to start more. All share one mechanism library; another one ends them. */
class SidecarPool {
  readonly #options: NeuronEngineOptions;
  readonly #all = new Map<Sidecar, string>();
  readonly #idle = new Set<Sidecar>();

  constructor(options: NeuronEngineOptions) {
    this.#options = options;
  }

  /** A sidecar with the library of these `.mod` files; the caller gives it back. */
  async take(mechanisms: readonly string[], signal: AbortSignal | undefined): Promise<Sidecar> {
    try {
      return await this.#take(mechanisms, signal ?? this.#options.signal);
    } catch (error) {
      throw neuronError(setupError(error));
    }
  }

  async #take(mechanisms: readonly string[], signal: AbortSignal | undefined): Promise<Sidecar> {
    const { report, models, bitwise } = this.#options;
    if (bitwise) requireTunableLibm();
    const setup = { ...(report && { report }), ...(signal && { signal }) };
    const environment = await ensureEnvironment('neuron', setup);
    const own = OWN_MECHANISMS.map((name) => join(packageFolder(), 'python', 'mechanisms', `${name}.mod`));
    const { library } = await ensureMechanisms({ modFiles: [...mechanisms, ...own], environment, ...setup });
    for (const sidecar of [...this.#idle]) {
      this.#idle.delete(sidecar);
      if (this.#all.get(sidecar) === library) return sidecar;
      await this.#end(sidecar);
    }
    const args = ['--mechanisms', library, ...(models === undefined ? [] : ['--models', models])];
    const sidecar = await startSidecar({
      python: environment.python,
      kind: 'neuron',
      args,
      ...(bitwise && { env: UNFUSED }),
      ...(signal && { signal }),
    });
    this.#all.set(sidecar, library);
    return sidecar;
  }

  /** Does something with a sidecar. */
  async use<T>(
    mechanisms: readonly string[],
    signal: AbortSignal | undefined,
    work: (sidecar: Sidecar) => Promise<T>,
  ): Promise<T> {
    const sidecar = await this.take(mechanisms, signal);
    let failure: unknown = null;
    try {
      return await work(sidecar);
    } catch (error) {
      failure = error;
      throw neuronError(error);
    } finally {
      await this.giveBack(sidecar, failure);
    }
  }

  async giveBack(sidecar: Sidecar, failure: unknown): Promise<void> {
    if (!this.#all.has(sidecar)) return;
    if (isSpoilt(failure)) await this.#end(sidecar);
    else this.#idle.add(sidecar);
  }

  async #end(sidecar: Sidecar): Promise<void> {
    this.#all.delete(sidecar);
    await sidecar.close();
  }

  async close(): Promise<void> {
    this.#idle.clear();
    await Promise.all([...this.#all.keys()].map((sidecar) => this.#end(sidecar)));
  }
}

/** Whether a sidecar that failed so is not to be used again: hoc does not recover from an error in its own code. */
function isSpoilt(failure: unknown): boolean {
  if (isTwincellError(failure, 'SidecarDied') || isTwincellError(failure, 'Protocol')) return true;
  return isTwincellError(failure, 'Remote') && /^(morphology|builder)-/.test(failure.code);
}
