/**
 * V8's 256-bit revectorizer, an experiment of V8's that joins two 128-bit operations into one. It has crashed on code it did
 * not expect, so a run takes it only after both ways have given the same bits here, in processes of their own.
 */
import { isTwincellError, RefusedError } from '../../errors.ts';
import type { Trial, VoltageBlock } from '../engine.ts';
import { handOut } from '../hand-out.ts';
import type { Job } from './messages.ts';
import { programBeside, runInWorker } from './process.ts';

/** The flag, and code by the optimising compiler from the first call: code that was compared is the code that runs. */
export const REVECTORIZE: readonly string[] = ['--experimental-wasm-revectorize', '--no-liftoff'];

/** Simulated time that is compared, at every step of every compartment (ms). */
const COMPARED_MS = 250;
/** Node's exit code for an option that it does not know. */
const BAD_OPTION = 9;

/** The job with code that the revectorizer can join. */
export function pairable<SomeJob extends Job>(job: SomeJob): SomeJob {
  return { ...job, arithmetic: { ...job.arithmetic, pairable: true } };
}

/**
 * Runs the start of a trial with and without, and compares.
 * @returns how much simulated time was compared (ms)
 * @throws RefusedError where the results differ, a process crashed, or this Node has no such flag
 */
export async function compareRevectorized(
  job: Job,
  trial: Trial,
  signal: AbortSignal,
  flags = REVECTORIZE,
): Promise<number> {
  const { dt } = job.plan;
  const steps = Math.min(job.plan.steps, Math.round(COMPARED_MS / dt));
  const recordings = [{ name: 'all', sites: 'all', everySteps: 1 }] as const;
  const short: Job = { ...job, plan: { ...job.plan, steps, recordings } };
  const run = (one: Job, v8: readonly string[]) =>
    runInWorker<Job, Trial, readonly VoltageBlock[]>({
      entry: programBeside(import.meta.url, 'worker'),
      job: one,
      trialOf: ({ index }) => index,
      next: handOut([trial]),
      flags: v8,
      signal,
    });
  const plain = run(short, []);
  const joined = run(pairable(short), flags);
  await compareStreams(plain, joined, dt);
  return steps * dt;
}

type Blocks = AsyncGenerator<readonly VoltageBlock[]>;

/** Takes both to their ends, however they end. @throws RefusedError where the second is not what the first is */
export async function compareStreams(plain: Blocks, joined: Blocks, dt: number): Promise<void> {
  try {
    for (;;) {
      const [one, other] = await Promise.allSettled([plain.next(), joined.next()]);
      // What fails without it too is the trial's fault, or was asked for.
      if (one.status === 'rejected') throw one.reason;
      if (other.status === 'rejected') throw failure(other.reason);
      const [before, after] = [one.value.done ? null : one.value.value, other.value.done ? null : other.value.value];
      if (before === null && after === null) return;
      if (before?.length !== after?.length) throw refusal('its results are not as many as without');
      for (const [k, block] of (before ?? []).entries()) assertSame(block, after?.[k], dt);
    }
  } finally {
    await Promise.all([plain.return(undefined), joined.return(undefined)]);
  }
}

/** @throws RefusedError where a bit differs */
function assertSame(plain: VoltageBlock, joined: VoltageBlock | undefined, dt: number): void {
  const at = plain.values.findIndex((value, k) => !Object.is(value, joined?.values[k]));
  if (at < 0) return;
  const step = plain.firstSample + Math.floor(at / plain.sites);
  throw refusal(
    `its results differ from those without, first at ${step * dt} ms in compartment ${at % plain.sites}: ` +
      `${joined?.values[at]} mV instead of ${plain.values[at]} mV`,
  );
}

/** An error that comes only with the revectorizer. */
function failure(error: unknown): RefusedError {
  if (!isTwincellError(error, 'WorkerDied')) {
    return refusal(`the trial fails with it: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (error.status === BAD_OPTION) {
    return refusal(`Node ${process.versions.node} does not know the flag ${REVECTORIZE[0]}`, error);
  }
  const said = error.stderr.split('\n').find((line) => /[a-z]/i.test(line) && !/fatal error in/i.test(line));
  const words = said === undefined ? '' : ` (${said.replace(/^[#\s]+/, '')})`;
  return refusal(`the process that tried it ended with ${error.signal ?? `code ${error.status}`}${words}`, error);
}

function refusal(reason: string, cause?: unknown): RefusedError {
  return new RefusedError(`V8's revectorizer is not used: ${reason}`, {
    construct: 'accelerate revectorize',
    remedy: 'Leave --accelerate out.',
    cause,
  });
}
