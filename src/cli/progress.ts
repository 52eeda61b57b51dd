/** Progress on standard error: bars on a terminal, plain lines elsewhere. Nothing shows in the first two seconds. */
import { SingleBar } from 'cli-progress';

export interface Task {
  update(done: number, message?: string): void;
  /** Ends the task; `text` replaces the bar. */
  finish(text?: string): void;
}

export interface Progress {
  /** Begins a task whose size is `total`, in a unit of its own. */
  task(name: string, total: number): Task;
  /** Removes what is drawn, before an error is printed. */
  stop(): void;
}

/** Seconds before anything is drawn, and between two plain lines. */
const QUIET_S = 2;
const LINE_EVERY_S = 15;

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const open = new Set<{ stop(): void }>();
  return {
    task(name, total) {
      const task = stream.isTTY ? barTask(name, total, stream) : lineTask(name, total, stream);
      open.add(task);
      return {
        update: task.update,
        finish(text) {
          open.delete(task);
          task.finish(text);
        },
      };
    },
    stop() {
      for (const task of open) task.stop();
      open.clear();
    },
  };
}

function barTask(name: string, total: number, stream: NodeJS.WriteStream): Task & { stop(): void } {
  const bar = new SingleBar({
    stream,
    format: `${name} [{bar}] {percentage}% {message} eta {eta_formatted}`,
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
    linewrap: false,
  });
  const started = performance.now();
  let drawn = false;
  const stop = () => {
    if (drawn) bar.stop();
    drawn = false;
  };
  return {
    update(done, message = '') {
      if (!drawn && performance.now() - started > QUIET_S * 1000) {
        bar.start(total, Math.min(done, total), { message });
        drawn = true;
      } else if (drawn) bar.update(Math.min(done, total), { message });
    },
    finish(text) {
      stop();
      if (text !== undefined) stream.write(`${text}\n`);
    },
    stop,
  };
}

function lineTask(name: string, total: number, stream: NodeJS.WriteStream): Task & { stop(): void } {
  let last = performance.now() - (LINE_EVERY_S - QUIET_S) * 1000;
  return {
    update(done, message = '') {
      if (performance.now() - last < LINE_EVERY_S * 1000) return;
      last = performance.now();
      const percent = total > 0 ? Math.floor((100 * Math.min(done, total)) / total) : 100;
      stream.write(`${name} ${percent}% ${message}`.trimEnd());
      stream.write('\n');
    },
    finish(text) {
      if (text !== undefined) stream.write(`${text}\n`);
    },
    stop() {},
  };
}
