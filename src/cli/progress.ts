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

/** Seconds before anything is drawn, and between two plain lines, which also say that the command is alive. */
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
  let now = { done: 0, message: '' };
  let drawn = false;
  // A task that takes long before it can say how far it is shows, too.
  const timer = setTimeout(() => {
    bar.start(total, Math.min(now.done, total), { message: now.message });
    drawn = true;
  }, QUIET_S * 1000);
  timer.unref();
  const stop = () => {
    clearTimeout(timer);
    if (drawn) bar.stop();
    drawn = false;
  };
  return {
    update(done, message = '') {
      now = { done, message };
      if (drawn) bar.update(Math.min(done, total), { message });
    },
    finish(text) {
      stop();
      if (text !== undefined) stream.write(`${text}\n`);
    },
    stop,
  };
}

function lineTask(name: string, total: number, stream: NodeJS.WriteStream): Task & { stop(): void } {
  let now = { done: 0, message: '' };
  const write = () => {
    const percent = total > 0 ? Math.floor((100 * Math.min(now.done, total)) / total) : 100;
    stream.write(`${`${name} ${percent}% ${now.message}`.trimEnd()}\n`);
  };
  let timer = setTimeout(() => {
    write();
    timer = setInterval(write, LINE_EVERY_S * 1000);
    timer.unref();
  }, QUIET_S * 1000);
  timer.unref();
  const stop = () => clearTimeout(timer);
  return {
    update(done, message = '') {
      now = { done, message };
    },
    finish(text) {
      stop();
      if (text !== undefined) stream.write(`${text}\n`);
    },
    stop,
  };
}
