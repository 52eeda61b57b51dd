/** One worker process, as whoever started it sees it: inputs go in, what comes of them comes out. */
import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { WorkerDiedError } from '../../errors.ts';
import type { TrialProgress } from '../engine.ts';
import type { Next } from '../hand-out.ts';
import { throwIfAborted } from '../turns.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { errorOf } from './plain-error.ts';

/** A worker's program and what it is for. */
export interface Program<Job, Input> {
  readonly entry: URL;
  readonly job: Job;
  /** The trial that an input stands for. */
  readonly trialOf: (input: Input) => number;
}

export interface WorkerOptions<Job, Input> extends Program<Job, Input> {
  /** Where its inputs come from; none means that no process is started. */
  readonly next: Next<Input>;
  /** Flags of V8, which hold for a whole process. */
  readonly flags: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: TrialProgress) => void) | undefined;
}

/** Characters kept of what a worker writes to standard error. */
const STDERR = 8192;

/** A program beside the module that asks: the source in a checkout, compiled in a package. */
export function programBeside(module: string, name: string): URL {
  return new URL(`${name}${module.endsWith('.ts') ? '.ts' : '.js'}`, module);
}

/**
 * Runs inputs in a process of its own until there are none, the signal aborts, or the loop is left; the process is gone then.
 * @throws WorkerDiedError where the process ends by itself, InterruptedError on the signal
 */
export async function* runInWorker<Job, Input, Output>(options: WorkerOptions<Job, Input>): AsyncGenerator<Output> {
  const { entry, job, trialOf, next, flags, signal, onProgress } = options;
  const first = await next();
  if (first === null) return;
  throwIfAborted(signal);
  const child = fork(entry, {
    execArgv: [...flags],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = endOf(child);
  const tell = (message: ToWorker<Job, Input>): void => {
    // Sending fails where the process has died, which is noticed otherwise.
    child.send(message as object, () => undefined);
  };
  let running = trialOf(first);
  /** For each input that is done: whether another was sent. A worker gets it at once, whatever waits here. */
  const fed: Promise<boolean>[] = [];
  const feed = async (): Promise<boolean> => {
    const input = await next();
    if (input === null) return false;
    running = trialOf(input);
    tell({ kind: 'input', input });
    return true;
  };
  child.on('message', (message: FromWorker<Output>) => {
    if (message.kind === 'progress') onProgress?.(message.progress);
    if (message.kind !== 'done') return;
    const more = feed();
    more.catch(() => undefined);
    fed.push(more);
  });
  try {
    tell({ kind: 'job', job });
    tell({ kind: 'input', input: first });
    const messages = on(child, 'message', { signal, close: ['disconnect'] }) as AsyncIterable<[FromWorker<Output>]>;
    for await (const [message] of messages) {
      if (message.kind === 'failed') throw errorOf(message.error);
      if (message.kind === 'done' && (await fed.shift()) === false) return;
      if (message.kind !== 'output') continue;
      yield message.output;
      tell({ kind: 'taken' });
    }
    const { status, signal: by } = await ended.exit;
    const remedy =
      flags.length === 0 ? {} : { remedy: 'Run the same command again without --accelerate: trials on disk are kept.' };
    throw new WorkerDiedError({ trial: running, status, signal: by, stderr: ended.stderr(), ...remedy });
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
