/**
 * The worker's side: takes inputs one after the other and sends what comes of them. A worker ends when whoever started it
 * does, in whatever way; the terminal's Ctrl-C is theirs to deal with.
 */
import type { TrialProgress } from '../engine.ts';
import { type FromWorker, type ToWorker, WINDOW } from './messages.ts';
import { plainError } from './plain-error.ts';

/** What comes of an input. */
export type Work<Input, Output> = (
  input: Input,
  onProgress: (progress: TrialProgress) => void,
) => AsyncIterable<Output> | Iterable<Output>;

/** Called once by the program of a worker process. */
export function serve<Job, Input, Output>(begin: (job: Job) => Work<Input, Output>): void {
  let work: Work<Input, Output> | undefined;
  let waiting = 0;
  let wake: (() => void) | undefined;

  function tell(message: FromWorker<Output>): void {
    // What cannot be sent has nobody left to read it.
    process.send?.(message, () => undefined);
  }

  async function run(input: Input): Promise<void> {
    if (work === undefined) throw new Error('an input came before its job');
    for await (const output of work(input, (progress) => tell({ kind: 'progress', progress }))) {
      waiting += 1;
      tell({ kind: 'output', output });
      while (waiting >= WINDOW) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    tell({ kind: 'done' });
  }

  async function obey(message: ToWorker<Job, Input>): Promise<void> {
    switch (message.kind) {
      case 'job':
        work = begin(message.job);
        return;
      case 'input':
        return run(message.input);
      case 'taken':
        waiting -= 1;
        wake?.();
    }
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToWorker<Job, Input>) => {
    obey(message).catch((error: unknown) => tell({ kind: 'failed', error: plainError(error) }));
  });
}
