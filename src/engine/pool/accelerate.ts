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
  try {
    for (;;) {
      const [one, other] = await Promise.all([plain.next(), joined.next().catch(refuseCrash)]);
      if (one.done === true || other.done === true) return steps * dt;
      for (const [k, block] of one.value.entries()) assertSame(block, other.value[k], dt);
    }
  } finally {
    await Promise.all([plain.return(undefined), joined.return(undefined)]);
  }
}

/** @throws RefusedError where a bit differs */
export function assertSame(plain: VoltageBlock, joined: VoltageBlock | undefined, dt: number): void {
  const at = plain.values.findIndex((value, k) => !Object.is(value, joined?.values[k]));
  if (at < 0) return;
  const step = plain.firstSample + Math.floor(at / plain.sites);
  throw refusal(
    `its results differ from those without, first at ${step * dt} ms in compartment ${at % plain.sites}: ` +
      `${joined?.values[at]} mV instead of ${plain.values[at]} mV`,
  );
}

/** What becomes of an error with the revectorizer: a death is its fault, everything else the trial's. */
function refuseCrash(error: unknown): never {
  if (!isTwincellError(error, 'WorkerDied')) throw error;
  if (error.status === BAD_OPTION) {
    throw refusal(`Node ${process.versions.node} does not know the flag ${REVECTORIZE[0]}`, error);
  }
  const said = error.stderr.split('\n').find((line) => /[a-z]/i.test(line) && !/fatal error in/i.test(line));
  throw refusal(
    `the process that tried it ended with ${error.signal ?? `code ${error.status}`}${said === undefined ? '' : ` (${said.replace(/^[#\s]+/, '')})`}`,
    error,
  );
}

function refusal(reason: string, cause?: unknown): RefusedError {
  return new RefusedError(`V8's revectorizer is not used: ${reason}`, {
    construct: 'accelerate revectorize',
    remedy: 'Leave --accelerate out.',
    cause,
  });
}
