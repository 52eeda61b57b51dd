import { expect, test } from 'vitest';
import type { Recording, RunOptions, Trial, VoltageBlock } from '../../src/engine/engine.ts';
import { createSolverEngine } from '../../src/engine/solver.ts';
import { isTwincellError } from '../../src/errors.ts';
import { createSolver, PAPER_SYNAPSES } from '../../src/solver/index.ts';
import { OWN_MECHANISMS } from '../fixtures/own-mechanisms.ts';
import { cellOfNodes, type NodeShape, SYNTHETIC_REQUEST } from '../fixtures/synthetic-cell.ts';

const SHAPE: NodeShape = { parent: -1, area: 500, resistance: 5, cm: 1, g: 1e-4, e: -90, dendrite: -1 };
/** A soma, a bare node, and two dendritic segments on it, the second channel before the first. */
const CELL = {
  ...cellOfNodes([
    SHAPE,
    { ...SHAPE, parent: 0, cm: 0 },
    { ...SHAPE, parent: 1, dendrite: 1 },
    { ...SHAPE, parent: 1, dendrite: 0, area: 300 },
  ]),
  somaNode: 0,
  nexusNode: 3,
};

const trial = (index: number): Trial => ({
  index,
  events: { dendrites: 2, channel: Int32Array.of(0, 1, 2), time: Float64Array.of(index, 5, 60) },
});

const engine = () => createSolverEngine({ describe: async () => CELL });
const options = (recordings: Recording[], more: Partial<RunOptions> = {}): RunOptions => ({
  dt: 0.1,
  order: 1,
  steps: 2500,
  recordings,
  ...more,
});

async function collect(trials: Trial[], run: RunOptions): Promise<VoltageBlock[]> {
  const blocks: VoltageBlock[] = [];
  for await (const block of engine().run(SYNTHETIC_REQUEST, trials, run)) blocks.push(block);
  return blocks;
}

/** What the solver itself gives: rows of nodes, a sample every so many steps, the initial state included. */
function stepped(events: Trial['events'], steps: number, every: number, rows: readonly number[]): number[] {
  const solver = createSolver(CELL, { dt: 0.1, order: 1, synapses: PAPER_SYNAPSES, mechanisms: OWN_MECHANISMS });
  solver.initialize(events);
  const values: number[] = [];
  for (let step = 0; step <= steps; step++) {
    if (step > 0) solver.step();
    if (step % every === 0) values.push(...rows.map((row) => solver.v[row] as number));
  }
  return values;
}

test('blocks of at most 100 ms carry every sample of every recording once, in order', async () => {
  const recordings: Recording[] = [
    { name: 'all', sites: 'all', everySteps: 1 },
    { name: 'soma', sites: 'soma', everySteps: 10 },
    { name: 'dendrites', sites: 'dendrites', everySteps: 7 },
    { name: 'some', sites: Int32Array.of(2, 0), everySteps: 100 },
  ];
  // Sites: compartments without the bare node; dendrites by channel.
  const rows = { all: [0, 2, 3], soma: [0], dendrites: [3, 2], some: [3, 0] };
  const blocks = await collect([trial(0), trial(4)], options(recordings));
  for (const { name, everySteps } of recordings) {
    for (const index of [0, 4]) {
      const own = blocks.filter((block) => block.recording === name && block.trial === index);
      let next = 0;
      for (const block of own) {
        expect(block.firstSample).toBe(next);
        expect(block.samples).toBeLessThanOrEqual(1000 / everySteps + 1);
        expect(block.values.length).toBe(block.samples * block.sites);
        next += block.samples;
      }
      const values = own.flatMap((block) => Array.from(block.values));
      expect(values).toEqual(stepped(trial(index).events, 2500, everySteps, rows[name as keyof typeof rows]));
    }
  }
  const last = blocks.map((block, k) => (block.last ? k : -1)).filter((k) => k >= 0);
  const ends = blocks.map((block, k) => (block.trial !== blocks[k + 1]?.trial ? k : -1)).filter((k) => k >= 0);
  expect(last).toEqual(ends);
});

test('a window leaves out the samples outside it; a trial ends with a last block all the same', async () => {
  const window = { firstStep: 995, lastStep: 1210 };
  const blocks = await collect([trial(0)], options([{ name: 'soma', sites: 'soma', everySteps: 10, window }]));
  const values = blocks.flatMap((block) => Array.from(block.values));
  expect(values).toEqual(stepped(trial(0).events, 2500, 10, [0]).slice(100, 122));
  expect(blocks[0]?.firstSample).toBe(100);
  expect(blocks.map((block) => block.last)).toEqual([...blocks.slice(1).map(() => false), true]);
});

test('an aborted signal stops a run between blocks at the latest', async () => {
  const controller = new AbortController();
  const run = options([{ name: 'soma', sites: 'soma', everySteps: 1 }], { signal: controller.signal });
  let blocks = 0;
  const interrupted = (async () => {
    for await (const _ of engine().run(SYNTHETIC_REQUEST, [trial(0)], run)) {
      blocks++;
      controller.abort();
    }
  })();
  await expect(interrupted).rejects.toSatisfy((error: unknown) => isTwincellError(error, 'Interrupted'));
  expect(blocks).toBe(1);
});

test('the event loop gets its turns while a trial runs', async () => {
  let turns = 0;
  const tick = () => {
    turns++;
    timer = setImmediate(tick);
  };
  let timer = setImmediate(tick);
  const blocks = await collect([trial(0)], options([{ name: 'soma', sites: 'soma', everySteps: 1 }]));
  clearImmediate(timer);
  expect(turns).toBeGreaterThanOrEqual(blocks.length);
});

test('a cell is described once for a request, and again after a failure', async () => {
  let asked = 0;
  const solver = createSolverEngine({
    async describe() {
      asked++;
      if (asked === 1) throw new Error('not yet');
      return CELL;
    },
  });
  await expect(solver.describe(SYNTHETIC_REQUEST)).rejects.toThrow('not yet');
  expect(await solver.describe(SYNTHETIC_REQUEST)).toBe(CELL);
  const run = options([{ name: 'soma', sites: 'soma', everySteps: 1 }]);
  for await (const _ of solver.run(SYNTHETIC_REQUEST, [trial(0)], run));
  expect(asked).toBe(2);
  await solver.close();
});

test('an active cell is refused by the name of its channel', async () => {
  const active = { ...CELL, mechanismOrder: ['pas', 'NaTa_t'] };
  const solver = createSolverEngine({ describe: async () => active });
  const run = options([{ name: 'soma', sites: 'soma', everySteps: 1 }]);
  const first = solver
    .run(SYNTHETIC_REQUEST, [trial(0)], run)
    [Symbol.asyncIterator]()
    .next();
  await expect(first).rejects.toSatisfy(
    (error: unknown) => isTwincellError(error, 'Refused') && error.construct === 'mechanism NaTa_t',
  );
});

test('a compartment the cell does not have is named', async () => {
  const run = options([{ name: 'some', sites: Int32Array.of(3), everySteps: 1 }]);
  await expect(collect([trial(0)], run)).rejects.toThrow('there is no compartment 3; the cell has 0 to 2');
});
