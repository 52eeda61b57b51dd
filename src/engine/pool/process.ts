/** One worker process, as whoever started it sees it: trials go in, blocks come out. */
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { WorkerDiedError } from '../../errors.ts';
import type { TrialProgress, VoltageBlock } from '../engine.ts';
import type { NextTrial } from '../hand-out.ts';
import { throwIfAborted } from '../turns.ts';
import type { FromWorker, Job, ToWorker } from './messages.ts';
import { errorOf } from './plain-error.ts';

export interface WorkerOptions {
  readonly job: Job;
  /** Where its trials come from; none means that no process is started. */
  readonly nextTrial: NextTrial;
  /** Flags of V8, which hold for a whole process. */
  readonly flags: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: TrialProgress) => void) | undefined;
}

/** The entry beside this file: the source in a checkout, compiled in a package. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js', import.meta.url);
/** Characters kept of what a worker writes to standard error. */
const STDERR = 8192;

/**
 * Runs trials in a process of its own until there are none, the signal aborts, or the loop is left; the process is gone then.
 * @throws WorkerDiedError where the process ends by itself, InterruptedError on the signal
 */
export async function* runInWorker(options: WorkerOptions): AsyncGenerator<VoltageBlock> {
  const { job, nextTrial, flags, signal, onProgress } = options;
  const first = await nextTrial();
  if (first === null) return;
  throwIfAborted(signal);
  const child = fork(ENTRY, {
    execArgv: [...flags],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = endOf(child);
  const tell = (message: ToWorker): void => {
    // Sending fails where the process has died, which is noticed otherwise.
    child.send(message, () => undefined);
  };
  let running = first.index;
  /** For each trial that has come to its end: whether another was started. A worker gets it at once, whatever waits here. */
  const fed: Promise<boolean>[] = [];
  const feed = async (): Promise<boolean> => {
    const trial = await nextTrial();
    if (trial === null) return false;
    running = trial.index;
    tell({ kind: 'trial', trial });
    return true;
  };
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') onProgress?.(message.progress);
    if (message.kind !== 'blocks' || !message.last) return;
    const more = feed();
    more.catch(() => undefined);
    fed.push(more);
  });
  try {
    tell({ kind: 'job', job });
    tell({ kind: 'trial', trial: first });
    for await (const [message] of on(child, 'message', { signal, close: ['disconnect'] }) as AsyncIterable<
      [FromWorker]
    >) {
      if (message.kind === 'failed') throw errorOf(message.error);
      if (message.kind !== 'blocks') continue;
      yield* message.blocks;
      tell({ kind: 'taken' });
      if (message.last && (await fed.shift()) === false) return;
    }
    const { status, signal: by } = await ended.exit;
    throw new WorkerDiedError({ trial: running, status, signal: by, stderr: ended.stderr() });
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    child.kill('SIGKILL');
    await ended.exit;
  }
}

interface End {
  readonly exit: Promise<{ readonly status: number | null; readonly signal: string | null }>;
  /** The last it wrote to standard error. */
  stderr(): string;
}

function endOf(child: ChildProcess): End {
  let written = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    written = (written + text).slice(-STDERR);
  });
  const exit = new Promise<{ status: number | null; signal: string | null }>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal }));
    // A process that could not be started never closes.
    child.once('error', () => resolve({ status: null, signal: null }));
  });
  return { exit, stderr: () => written.trimEnd() };
}
