/**
 * A child process that cannot outlive its parent: it holds a pipe from us and ends on its end-of-file, and whatever is left
 * at our own exit is killed.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { OutputTail } from './output-tail.ts';

/** How a child ended. */
export interface ChildEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where it could not be started at all. */
  readonly error: Error | null;
}

export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Children that run, for the exit hook. */
const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A supervised child process. */
export class Child {
  /** Resolves when the process has ended and its output was read; never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly output = new OutputTail();
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #end: ChildEnd | null = null;

  constructor(command: ChildCommand) {
    this.#process = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    running.add(this);
    // The pipe carries nothing; that it breaks when the child ends is no news.
    this.#process.stdin.on('error', () => undefined);
    const show = process.env.TWINCELL_DEBUG !== undefined && process.env.TWINCELL_DEBUG !== '';
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output.push(text);
        if (show) process.stderr.write(text);
      });
    }
    this.ended = new Promise((resolve) => {
      let late: NodeJS.Timeout | undefined;
      const settle = (end: ChildEnd) => {
        clearTimeout(late);
        this.#end ??= end;
        running.delete(this);
        resolve(this.#end);
      };
      this.#process.once('error', (error) => settle({ status: null, signal: null, error }));
      this.#process.once('close', (status, signal) => settle({ status, signal, error: null }));
      // `close` waits for the pipes, which a grandchild may hold open; the exit itself must not go unnoticed.
      this.#process.once('exit', (status, signal) => {
        late = setTimeout(() => settle({ status, signal, error: null }), 200);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** How it ended, or null while it runs. */
  get end(): ChildEnd | null {
    return this.#end;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Lets the child see the end of its pipe, as it would if we were gone. */
  closeInput(): void {
    this.#process.stdin.end();
  }

  /** Waits for its end at most `graceMs`, then asks with SIGTERM, then SIGKILL. Resolves when it has ended. */
  async stop(graceMs: number): Promise<ChildEnd> {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const end = await this.#endWithin(graceMs);
      if (end !== null) return end;
      this.closeInput();
      this.kill(signal);
    }
    return this.ended;
  }

  async #endWithin(milliseconds: number): Promise<ChildEnd | null> {
    const { promise, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), milliseconds);
    try {
      return await Promise.race([this.ended, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
