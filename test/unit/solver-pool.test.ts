/** Trials on worker processes: the same numbers, whatever happens to the processes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Recording, RunOptions, Trial, VoltageBlock } from '../../src/engine/engine.ts';
import { handOut, oneAhead } from '../../src/engine/hand-out.ts';
import { compareRevectorized, compareStreams } from '../../src/engine/pool/accelerate.ts';
import type { Job } from '../../src/engine/pool/index.ts';
import { createSolverEngine, type SolverEngineOptions } from '../../src/engine/solver.ts';
import { isTwincellError, NotFiniteError } from '../../src/errors.ts';
import { PAPER_SYNAPSES } from '../../src/solver/index.ts';
import { OWN_MECHANISMS } from '../fixtures/own-mechanisms.ts';
import { cellOfNodes, type NodeShape, SYNTHETIC_REQUEST } from '../fixtures/synthetic-cell.ts';

const SHAPE: NodeShape = { parent: -1, area: 500, resistance: 5, cm: 1, g: 1e-4, e: -90, dendrite: -1 };
const CELL = {
  ...cellOfNodes([SHAPE, { ...SHAPE, parent: 0, dendrite: 1 }, { ...SHAPE, parent: 0, dendrite: 0, area: 300 }]),
  somaNode: 0,
  nexusNode: 2,
};
const RECORDINGS: Recording[] = [
  { name: 'all', sites: 'all', everySteps: 1 },
  { name: 'soma', sites: 'soma', everySteps: 7 },
];
const RUN: RunOptions = { dt: 0.1, order: 1, steps: 2500, recordings: RECORDINGS };
/** Longer than any test waits. */
const ENDLESS: RunOptions = { ...RUN, steps: 1e9, recordings: [{ name: 'soma', sites: 'soma', everySteps: 1 }] };

const trial = (index: number): Trial => ({
  index,
  events: { dendrites: 2, channel: Int32Array.of(0, 1, 2), time: Float64Array.of(index / 2, 5, 60) },
});
const engine = (options: Partial<SolverEngineOptions> = {}) =>
  createSolverEngine({ describe: async () => CELL, mode: 'exact', ...options });

/** Processes started since the test began. */
interface Started {
  readonly process: { readonly pid: number; readonly exitCode: number | null; readonly signalCode: string | null };
}
let started: Started['process'][] = [];
const onProcess = (message: unknown): void => void started.push((message as Started).process);
beforeAll(() => subscribe('child_process', onProcess));
afterAll(() => void unsubscribe('child_process', onProcess));
beforeEach(() => {
  started = [];
});
const allGone = (): boolean => started.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);

async function byTrial(options: Partial<SolverEngineOptions>, trials: Trial[], run = RUN) {
  const blocks = new Map<number, VoltageBlock[]>(trials.map(({ index }) => [index, []]));
  for await (const block of engine(options).run(SYNTHETIC_REQUEST, trials, run)) blocks.get(block.trial)?.push(block);
  return blocks;
}

test.each(['reference', 'exact'] as const)('in mode %s workers give what this process gives', async (mode) => {
  const trials = [4, 0, 2, 7, 1].map(trial);
  const here = await byTrial({ mode }, trials);
  expect(here.get(7)?.at(-1)?.last).toBe(true);
  expect(here.get(4)).not.toEqual(here.get(0));
  for (const workers of [1, 3]) expect(await byTrial({ mode, workers }, trials)).toEqual(here);
  expect(started.length).toBe(4);
  expect(allGone()).toBe(true);
});

test('no more processes are started than there are trials', async () => {
  await byTrial({ workers: 5 }, [trial(0)]);
  expect(started.length).toBe(1);
});

/** What the loop over a run that never ends by itself is left with; `act` is called after each block. */
async function outcome(options: Partial<SolverEngineOptions>, run: RunOptions, act: () => void): Promise<unknown> {
  try {
    for await (const _ of engine(options).run(SYNTHETIC_REQUEST, [trial(3), trial(8)], run)) act();
    return null;
  } catch (error) {
    return error;
  }
}

test('a worker that dies is an error that names its trial, and ends the others', async () => {
  const error = await outcome({ workers: 2 }, ENDLESS, () => process.kill(started[0]?.pid ?? 0, 'SIGKILL'));
  expect(error).toMatchObject({ tag: 'WorkerDied', trial: 3, exitCode: 3 });
  expect(started.length).toBe(2);
  expect(allGone()).toBe(true);
});

test('an aborted signal ends the run and its processes, also while they are busy', async () => {
  const controller = new AbortController();
  const run = { ...ENDLESS, signal: controller.signal };
  expect(await outcome({ workers: 2 }, run, () => controller.abort())).toMatchObject({ tag: 'Interrupted' });
  expect(allGone()).toBe(true);
});

test('leaving the loop ends the processes', async () => {
  for await (const _ of engine({ workers: 2 }).run(SYNTHETIC_REQUEST, [trial(0), trial(1)], ENDLESS)) break;
  expect(started.length).toBeGreaterThan(0);
  expect(allGone()).toBe(true);
});

test('progress is told while a trial runs', async () => {
  const told: number[] = [];
  const controller = new AbortController();
  const onProgress: RunOptions['onProgress'] = ({ trial: index, timeMs, totalMs }) => {
    expect(totalMs).toBeCloseTo(1e8, 3);
    if (index === 3) told.push(timeMs);
    if (told.length === 2) controller.abort();
  };
  await outcome({ workers: 1 }, { ...ENDLESS, onProgress, signal: controller.signal }, () => undefined);
  expect(told.length).toBe(2);
  expect(told[1]).toBeGreaterThan(told[0] ?? 0);
});

describe('what goes wrong in a worker comes out as it would here', () => {
  const failure = async (options: Partial<SolverEngineOptions>, run = RUN): Promise<unknown> =>
    outcome(options, run, () => undefined);

  test.each([
    [
      'a compartment that is not there',
      {},
      { ...RUN, recordings: [{ name: 'x', sites: Int32Array.of(3), everySteps: 1 }] },
    ],
    [
      'a channel that nothing compiles',
      { describe: async () => ({ ...CELL, mechanismOrder: ['pas', 'NaTa_t'] }) },
      RUN,
    ],
    ['a potential that is no number', { describe: async () => ({ ...CELL, vInit: Number.NaN }) }, RUN],
  ] as const)('%s', async (_, options, run) => {
    const here = await failure(options, run);
    const there = await failure({ ...options, workers: 1 }, run);
    expect(isTwincellError(here)).toBe(true);
    expect(there).toEqual(here);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  });

  test('an input that cannot be made ends the run', async () => {
    function* inputs(): Generator<Trial> {
      yield trial(0);
      throw new RangeError('no more');
    }
    const run = async () => {
      for await (const _ of engine({ workers: 2 }).run(SYNTHETIC_REQUEST, inputs(), RUN));
    };
    await expect(run()).rejects.toThrow('no more');
    expect(allGone()).toBe(true);
  });
});

test('trials are handed out once and in order, the next one made before it is asked for', async () => {
  let made = 0;
  function* inputs(): Generator<Trial> {
    for (; made < 4; made++) yield trial(made);
  }
  const next = oneAhead(handOut(inputs()));
  expect((await next())?.index).toBe(0);
  expect(made).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(made).toBe(1);
  const rest = await Promise.all([next(), next(), next(), next(), next()]);
  expect(rest.map((one) => one?.index)).toEqual([1, 2, 3, undefined, undefined]);
});

describe('the revectorizer', () => {
  const job: Job = {
    snapshot: CELL,
    programs: Array.from(OWN_MECHANISMS.kernels.values(), ({ program }) => program),
    refused: new Map(),
    synapses: PAPER_SYNAPSES,
    plan: RUN,
    arithmetic: { mode: 'exact' },
  };
  const compare = (flags: string[]) => compareRevectorized(job, trial(0), new AbortController().signal, flags);

  test('gives the bits of a run without it, or is refused with a reason', async () => {
    const trials = [trial(0), trial(1)];
    let compared = 0;
    const onAccelerated = (ms: number): void => {
      compared = ms;
    };
    const joined = await byTrial({ workers: 2, accelerate: 'revectorize', onAccelerated }, trials).catch(
      (error) => error,
    );
    if (joined instanceof Error) expect(joined).toMatchObject({ tag: 'Refused', construct: 'accelerate revectorize' });
    else {
      expect(joined).toEqual(await byTrial({}, trials));
      expect(compared).toBe(250);
    }
  });

  test.each([
    ['--no-such-flag-of-v8', /does not know the flag --experimental-wasm-revectorize/],
    ['--max-heap-size=1', /the process that tried it ended with/],
  ])('is refused where a process with %s does not last', async (flag, reason) => {
    await expect(compare([flag])).rejects.toMatchObject({ tag: 'Refused', message: expect.stringMatching(reason) });
    expect(allGone()).toBe(true);
  });

  describe('is held to what comes without it', () => {
    const block = (values: number[]): VoltageBlock => ({
      trial: 0,
      recording: 'all',
      firstSample: 10,
      samples: 2,
      sites: 3,
      values: Float64Array.from(values),
      last: false,
    });
    async function* stream(blocks: VoltageBlock[], error?: Error) {
      for (const one of blocks) yield [one];
      if (error !== undefined) throw error;
    }
    const PLAIN = block([1, 2, 3, 4, 0, 6]);
    const failed = new NotFiniteError({ timeMs: 1, site: 'soma(0.5)' });

    test('the same passes', async () => {
      await compareStreams(stream([PLAIN, PLAIN]), stream([PLAIN, block([...PLAIN.values])]), 0.5);
    });

    test.each([
      ['one bit', stream([PLAIN, block([1, 2, 3, 4, -0, 6])]), /first at 5.5 ms in compartment 1/],
      ['an early end', stream([PLAIN]), /not as many/],
      ['a late end', stream([PLAIN, PLAIN, PLAIN]), /not as many/],
      ['an error', stream([PLAIN], failed), /the trial fails with it: the voltage stopped being a number at 1 ms/],
    ])('%s is enough to refuse it', async (_, joined, message) => {
      const compared = compareStreams(stream([PLAIN, PLAIN]), joined, 0.5);
      await expect(compared).rejects.toMatchObject({ tag: 'Refused', message: expect.stringMatching(message) });
    });

    test('an error that comes without it too is the trial’s', async () => {
      await expect(compareStreams(stream([], failed), stream([], failed), 0.5)).rejects.toBe(failed);
    });
  });

  test.each([{ mode: 'reference', workers: 1 }, { mode: 'exact' }] as const)('does not go with %o', (options) => {
    expect(() => engine({ ...options, accelerate: 'revectorize' })).toThrow(/revectorizer/);
  });
});
