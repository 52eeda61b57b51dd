/**
 * A contestant in a process of its own, asked trial by trial: JSON lines on its stdin, an answer a line on its stdout. The
 * same for Node and for Python (`python/bench/lane.py`), so that all are measured alike.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A trial to run. */
export interface LaneRequest {
  /** Which of the subject's trials. */
  readonly trial: number;
  /** ms. */
  readonly duration: number;
  /** ms; 0.025 where absent. */
  readonly dt?: number;
  readonly order?: 1 | 2;
  /** Takes NEURON's variable step of this tolerance. */
  readonly tolerance?: number;
  /** Distance of samples (ms); every step where absent. */
  readonly sample_every?: number;
  /** Where the soma's trace is written: all times (ms), then all voltages (mV), float64. */
  readonly trace?: string;
}

export interface LaneAnswer {
  /** Seconds of CPU of the contestant's process, and of the clock. */
  readonly cpu: number;
  readonly wall: number;
  readonly steps: number;
  readonly samples: number;
  /** Upward crossings of -25 mV at the soma. */
  readonly spikes: number;
  /** Largest resident memory of the process so far, and at present where it is known (MB). */
  readonly peakMb: number;
  readonly residentMb?: number;
  /** Of the soma's trace, to the last bit; the solver's. */
  readonly digest?: string;
}

export interface Lane {
  readonly compartments: number;
  /** Seconds from the process's start until its cell was built. */
  readonly startSeconds: number;
  /** Answers are exclusive: one request at a time. */
  run(request: LaneRequest): Promise<LaneAnswer>;
  close(): Promise<void>;
}

export interface LaneProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Lines of what a contestant says that are kept for the reason of its failure. */
const KEPT_LINES = 40;

/** @throws Error with the contestant's last words where it does not get ready */
export async function openLane({ file, args, env = {}, cwd }: LaneProgram): Promise<Lane> {
  const started = performance.now();
  const child = spawn(file, [...args], { env: { ...process.env, ...env }, stdio: 'pipe', ...(cwd ? { cwd } : {}) });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() === '') return;
    said.push(line.trim());
    if (said.length > KEPT_LINES) said.shift();
  });
  const ended = new Promise<void>((done) => {
    child.on('close', () => done());
    child.on('error', (error) => {
      said.push(error.message);
      done();
    });
  });
  child.stdin.on('error', () => {}); // told by its end
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value) as Answer;
    await ended;
    throw new Error(reasonOf(said));
  };
  const { compartments } = await next<{ readonly compartments: number }>();
  return {
    compartments,
    startSeconds: (performance.now() - started) / 1000,
    run(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next<LaneAnswer>();
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

/** The line that says most: an exception's, else the last. */
function reasonOf(said: readonly string[]): string {
  const exception = said.findLast((line) => /^\w*(?:Error|Exception)\b|^error:/i.test(line));
  return exception ?? said.at(-1) ?? 'it ended without a word';
}
