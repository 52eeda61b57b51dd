/** Trials of a run on several worker processes at once. */
import type { RunOptions, Trial, VoltageBlock } from '../engine.ts';
import { handOut, type NextTrial, oneAhead } from '../hand-out.ts';
import { merge } from '../merge.ts';
import { compareRevectorized, pairableJob, REVECTORIZE } from './accelerate.ts';
import type { Job } from './messages.ts';
import { runInWorker } from './process.ts';

export interface PoolOptions extends Pick<RunOptions, 'signal' | 'onProgress'> {
  /** Processes; no more are started than there are trials. */
  readonly workers: number;
  /** V8's revectorizer, where it gives the same bits. */
  readonly accelerate?: 'revectorize' | undefined;
  /** Told how much was compared before it was used (ms). */
  readonly onAccelerated?: ((comparedMs: number) => void) | undefined;
}

/**
 * Blocks of one trial come in order, those of different trials interleaved. What a trial gives hangs on the trial and the job
 * alone, not on which worker runs it or what that one ran before.
 * @throws RefusedError where the revectorizer was asked for and is not fit
 */
export async function* runOnPool(
  job: Job,
  trials: Iterable<Trial> | AsyncIterable<Trial>,
  { workers, accelerate, onProgress, ...options }: PoolOptions,
): AsyncGenerator<VoltageBlock> {
  // Leaving the loop early, or one worker's failure, stops all workers.
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]);
  let given: { job: Job; nextTrial: NextTrial; flags: readonly string[] } = {
    job,
    nextTrial: handOut(trials),
    flags: [],
  };
  if (accelerate === 'revectorize') {
    const first = await given.nextTrial();
    if (first === null) return;
    options.onAccelerated?.(await compareRevectorized(job, first, signal));
    given = { job: pairableJob(job), nextTrial: before(first, given.nextTrial), flags: REVECTORIZE };
  }
  const nextTrial = oneAhead(given.nextTrial);
  const sources = Array.from({ length: Math.max(1, Math.floor(workers)) }, () =>
    runInWorker({ ...given, nextTrial, signal, onProgress }),
  );
  yield* merge(sources, () => over.abort());
}

/** Puts a trial back. */
function before(first: Trial, rest: NextTrial): NextTrial {
  let taken = false;
  return async () => {
    if (taken) return rest();
    taken = true;
    return first;
  };
}
