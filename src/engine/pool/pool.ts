/** A run's trials on several worker processes at once. */
import type { RunOptions, Trial, VoltageBlock } from '../engine.ts';
import { before, handOut, type Next, oneAhead } from '../hand-out.ts';
import { merge } from '../merge.ts';
import { compareRevectorized, pairable, REVECTORIZE } from './accelerate.ts';
import type { Job } from './messages.ts';
import { type Program, programBeside, runInWorker } from './process.ts';

export interface PoolOptions extends Pick<RunOptions, 'signal' | 'onProgress'> {
  /** Processes; no more are started than there are trials. */
  readonly workers: number;
  /** V8's revectorizer, where it gives the same bits. */
  readonly accelerate?: 'revectorize' | undefined;
  /** Told how much was compared before it was used (ms). */
  readonly onAccelerated?: ((comparedMs: number) => void) | undefined;
}

/** A program for the pool: its job holds what every solver needs. */
export interface PoolProgram<SomeJob extends Job, Input> extends Program<SomeJob, Input> {
  /** The trial itself, for a comparison before it is run. */
  readonly inputOf: (input: Input) => Trial;
}

/**
 * What comes of one input comes in order, of different ones interleaved. It hangs on the input and the job alone, not on
 * which worker runs it or what that one ran before.
 * @throws RefusedError where the revectorizer was asked for and is not fit
 */
export async function* runOnPool<SomeJob extends Job, Input, Output>(
  { inputOf, ...program }: PoolProgram<SomeJob, Input>,
  inputs: Iterable<Input> | AsyncIterable<Input>,
  { workers, accelerate, onProgress, ...options }: PoolOptions,
): AsyncGenerator<Output> {
  // Leaving the loop early, or one worker's failure, stops all workers.
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
  let given: { job: SomeJob; next: Next<Input>; flags: readonly string[] } = {
    job: program.job,
    next: handOut(inputs),
    flags: [],
  };
  if (accelerate === 'revectorize') {
    const first = await given.next();
    if (first === null) return;
    options.onAccelerated?.(await compareRevectorized(given.job, inputOf(first), signal));
    given = { job: pairable(given.job), next: before(first, given.next), flags: REVECTORIZE };
  }
  const next = oneAhead(given.next);
  const sources = Array.from({ length: Math.max(1, Math.floor(workers)) }, () =>
    runInWorker<SomeJob, Input, Output>({ ...program, ...given, next, signal, onProgress }),
  );
  yield* merge(sources, () => over.abort());
}

/** The program that sends a trial's blocks, those of at most 100 ms together. */
export function blocksProgram<SomeJob extends Job>(job: SomeJob): PoolProgram<SomeJob, Trial> {
  const entry = programBeside(import.meta.url, 'worker');
  return { entry, job, trialOf: ({ index }) => index, inputOf: (trial) => trial };
}

/** Runs trials and gives their blocks. */
export async function* runTrialsOnPool(
  job: Job,
  trials: Iterable<Trial> | AsyncIterable<Trial>,
  options: PoolOptions,
): AsyncGenerator<VoltageBlock> {
  for await (const blocks of runOnPool<Job, Trial, readonly VoltageBlock[]>(blocksProgram(job), trials, options)) {
    yield* blocks;
  }
}
