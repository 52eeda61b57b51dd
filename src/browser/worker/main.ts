/** The worker: loads the page's cell and computes it in short turns, so that it hears the page between them. */
import { probeFeatures } from '../../kernel/wasm/codegen/index.ts';
import { decode } from '../codec.ts';
import type { RunnableCell } from '../payload.ts';
import type { FromWorker, ToWorker } from '../protocol.ts';
import { mechanismsOf } from './kernels.ts';
import { createPace, type Pace } from './pace.ts';
import { createTrial, type RunningTrial } from './trial.ts';

/** The worker's side of the channel, which the page's types call a window. */
interface Port {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** Longest turn, and how long to rest where nothing is due (ms). */
const TURN_MS = 8;
const REST_MS = 8;
/** Steps between two looks at the clock. */
const BATCH = 8;

const port = globalThis as unknown as Port;
const { port1: bell, port2: ringer } = new MessageChannel();
bell.onmessage = () => turn();

let cell: { readonly trial: RunningTrial; readonly pace: Pace } | null = null;
let number = 0;
let running = false;
let waiting = false;
let busyMs = 0;

/** Asks for a turn: at once where there is work, else a little later. */
function ask(soon: boolean): void {
  if (waiting) return;
  waiting = true;
  if (soon) ringer.postMessage(null);
  else setTimeout(turn, REST_MS);
}

function turn(): void {
  waiting = false;
  if (!running || cell === null) return;
  const { trial, pace } = cell;
  const began = performance.now();
  const due = pace.due(began, trial.steps);
  let now = began;
  try {
    while (trial.room > 0 && trial.steps < due && now - began < TURN_MS) {
      for (let k = 0; k < BATCH && trial.room > 0; k++) trial.step();
      now = performance.now();
    }
  } catch (error) {
    fail(error);
    return;
  }
  busyMs += now - began;
  ask(trial.room > 0 && trial.steps < due);
}

function fail(error: unknown): void {
  running = false;
  port.postMessage({ is: 'failed', message: error instanceof Error ? error.message : String(error) });
}

async function load(text: string): Promise<void> {
  const began = performance.now();
  const runnable = (await decode(text)) as RunnableCell;
  const trial = createTrial(runnable, mechanismsOf(runnable.programs));
  // Plans and code are made at the first start.
  trial.start(0, 0);
  cell = { trial, pace: createPace(runnable.dt) };
  const compartments = runnable.snapshot.segment.filter((segment) => segment >= 0).length;
  const readyMs = performance.now() - began;
  port.postMessage({ is: 'loaded', fused: probeFeatures().relaxedMadd, readyMs, compartments });
}

function frame({ trial }: NonNullable<typeof cell>): void {
  const notes = trial.notes();
  const message = { is: 'frame', trial: number, steps: trial.steps, ...notes, busyMs, ended: trial.ended } as const;
  busyMs = 0;
  const { soma, nexus, chosen, highest } = notes;
  port.postMessage(
    message,
    [soma, nexus, chosen, highest].map(({ buffer }) => buffer as ArrayBuffer),
  );
}

function obey(message: Exclude<ToWorker, { do: 'load' }>, { trial, pace }: NonNullable<typeof cell>): void {
  switch (message.do) {
    case 'start': {
      number = message.trial;
      const counts = trial.start(message.seed, message.trial);
      busyMs = 0;
      port.postMessage({ is: 'started', seed: message.seed, trial: number, ...counts });
      return;
    }
    case 'run':
      pace.set(message.msPerSecond, performance.now(), trial.steps);
      running = true;
      ask(true);
      return;
    case 'pause':
      running = false;
      return;
    case 'advance':
      for (let k = 0; k < message.steps && trial.room > 0; k++) trial.step();
      return;
    case 'strength':
      trial.strengthen(message.excitatory, message.inhibitory);
      return;
    case 'excite':
      trial.excite(message.node);
      return;
    case 'choose':
      trial.choose(message.node);
      return;
    case 'frame':
      frame({ trial, pace });
  }
}

port.onmessage = ({ data }) => {
  if (data.do === 'load') load(data.cell).catch(fail);
  else if (cell !== null) {
    try {
      obey(data, cell);
    } catch (error) {
      fail(error);
    }
  }
};
