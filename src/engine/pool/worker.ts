/**
 * A worker process: runs trials one after the other and sends their blocks. Started by `process.ts`, and of no use without it.
 *
 * It ends when whoever started it does, in whatever way; the terminal's Ctrl-C is theirs to deal with.
 */
import { compileJavaScript } from '../../kernel/index.ts';
import type { Trial } from '../engine.ts';
import { createTrialRunner, type TrialRunner } from '../solver-trials.ts';
import { type FromWorker, type Job, type ToWorker, WINDOW } from './messages.ts';
import { plainError } from './plain-error.ts';

let runner: TrialRunner | undefined;
/** Blocks sent that nobody has taken yet, and who waits for that. */
let waiting = 0;
let wake: (() => void) | undefined;

function tell(message: FromWorker): void {
  // What cannot be sent has nobody left to read it.
  process.send?.(message, () => undefined);
}

function runnerOf({ programs, refused, ...parts }: Job): TrialRunner {
  const kernels = new Map(programs.map((program) => [program.name, compileJavaScript(program)]));
  return createTrialRunner({ ...parts, mechanisms: { kernels, refused } });
}

async function run(trial: Trial): Promise<void> {
  if (runner === undefined) throw new Error('a trial came before its job');
  for await (const blocks of runner(trial, { onProgress: (progress) => tell({ kind: 'progress', progress }) })) {
    waiting += 1;
    tell({ kind: 'blocks', blocks, last: blocks.at(-1)?.last === true });
    while (waiting >= WINDOW) await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function obey(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'job':
      runner = runnerOf(message.job);
      return;
    case 'trial':
      return run(message.trial);
    case 'taken':
      waiting -= 1;
      wake?.();
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWorker) => {
  obey(message).catch((error: unknown) => tell({ kind: 'failed', error: plainError(error) }));
});
