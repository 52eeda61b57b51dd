/** What every command has at hand: where to print, how to show progress, and a signal that Ctrl-C aborts. */

import type { SetupEvent } from '../../env/index.mjs';
import { InterruptedError, isTwincellError, UsageError } from '../errors.ts';
import { setupError } from '../model/setup-error.ts';
import { createOutput, type Output, printError } from './output.ts';
import { createProgress, type Progress, type Task } from './progress.ts';

export interface Context {
  readonly output: Output;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Shows set-up that happens on first use. */
  readonly report: (event: SetupEvent) => void;
}

/** A command's work; the number it returns is the exit code. */
export type Action = (context: Context) => Promise<0 | 1 | 2 | 3 | 130>;

/** Runs a command's work: errors become messages, Ctrl-C becomes an abort, and the result an exit code. */
export async function runAction(name: string, json: boolean, action: Action): Promise<void> {
  const output = createOutput(name, json);
  const progress = createProgress();
  const controller = new AbortController();
  let asked = 0;
  const interrupt = () => {
    asked += 1;
    // The second Ctrl-C does not wait for a tidy end; sidecars end with their parent.
    if (asked > 1) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const context = { output, progress, signal: controller.signal, report: setupReporter(progress) };
    process.exitCode = await action(context);
  } catch (cause) {
    const error = setupError(cause);
    progress.stop();
    printError(controller.signal.aborted ? interrupted(error) : error, output);
    process.exitCode = controller.signal.aborted ? 130 : isTwincellError(error) ? error.exitCode : 70;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function interrupted(error: unknown): InterruptedError {
  if (isTwincellError(error, 'Interrupted')) return error;
  return new InterruptedError('interrupted', { cause: error });
}

/** Turns set-up's events into progress. */
function setupReporter(progress: Progress): (event: SetupEvent) => void {
  const tasks = new Map<string, Task>();
  return ({ step, state, done = 0, total = 1, message = '' }) => {
    if (state === 'skip') return;
    let task = tasks.get(step);
    if (task === undefined) {
      task = progress.task(step, total);
      tasks.set(step, task);
    }
    if (state === 'done') {
      task.finish();
      tasks.delete(step);
    } else task.update(done, message);
  };
}

/** For an action that needs a value an option should have given. */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new UsageError(`${option} is required`, { remedy: `Add ${option}; see --help.` });
  return value;
}
