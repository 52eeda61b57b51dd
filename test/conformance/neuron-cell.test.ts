/** The NEURON engine against the same cells built straight on NEURON by a script of its own. */
import { afterAll, describe, expect, test } from 'vitest';
import type { CellRequest, RunOptions, Trial } from '../../src/engine/engine.ts';
import { createNeuronEngine } from '../../src/engine/neuron.ts';
import { spikePeaks } from '../../src/engine/spikes.ts';
import { isTwincellError } from '../../src/errors.ts';
import { parseExperiment } from '../../src/experiment/index.ts';
import { type CellSnapshot, compartmentRows, dendriteRows } from '../../src/model/index.ts';
import { stimulusFor } from '../../src/stimulus/index.ts';
import {
  buildDirectly,
  type DirectRow,
  MODELS,
  modelNamed,
  noHayMorphology,
  requestFor,
} from '../fixtures/direct-l5pc.ts';

const engine = createNeuronEngine({ models: MODELS });
afterAll(() => engine.close());

/** Compartments of a snapshot as `dend[3](0.5)`, and the inverse. */
function places(cell: CellSnapshot): Map<string, number> {
  return new Map(Array.from(compartmentRows(cell), (row) => [place(cell, row), row]));
}

function place(cell: CellSnapshot, row: number): string {
  return `${cell.sectionNames[cell.section[row] ?? -1]}(${pythonNumber(cell.x[row] ?? 0)})`;
}

/** A position between 0 and 1 as Python writes it. */
function pythonNumber(value: number): string {
  return value === 0 || value === 1 ? value.toFixed(1) : String(value);
}

const cells = [
  { name: 'l5pc-hay', compartments: 642, basal: 262, apical: 377, sections: 196, nodes: 839, lack: noHayMorphology },
  // 199 sections: 3 of soma and axon, 66 basal and 130 apical ones of the file.
  { name: 'l5pc-bbp', compartments: 699, basal: 210, apical: 486, sections: 199, nodes: 899, lack: null },
] as const;

for (const { name, compartments, basal, apical, sections, nodes, lack } of cells) {
  describe(name, () => {
    test(`has ${compartments} compartments: ${basal} basal and ${apical} apical ones`, async (context) => {
      context.skip(lack !== null, lack ?? '');
      const cell = await engine.describe(requestFor(await modelNamed(name)));
      const membranes = Array.from(compartmentRows(cell));
      const count = (type: string) => membranes.filter((row) => cell.sectionType[row] === type).length;
      expect(membranes).toHaveLength(compartments);
      expect([count('basal'), count('apical'), count('soma'), count('axon')]).toEqual([basal, apical, 1, 2]);
      expect(cell.sectionNames).toHaveLength(sections);
      expect(cell.nodes).toBe(nodes);
    });

    test('is the directly built cell: order, area, axial resistance, distances, channel distributions', async (context) => {
      context.skip(lack !== null, lack ?? '');
      const model = await modelNamed(name);
      const cell = await engine.describe(requestFor(model));
      const direct = await buildDirectly(model, null);
      expect(direct.sections).toBe(sections);
      expect(Array.from(dendriteRows(cell), (row) => place(cell, row))).toEqual(direct.dendrites);
      const rows = places(cell);
      const ours = direct.rows.map((expected): DirectRow => {
        const row = rows.get(`${expected.section}(${pythonNumber(expected.x)})`) ?? -1;
        const parameter = (column: string) => {
          const value = cell.parameters.get(column)?.[row] ?? Number.NaN;
          return Number.isNaN(value) ? null : value;
        };
        return {
          section: cell.sectionNames[cell.section[row] ?? -1] ?? '',
          x: cell.x[row] ?? -1,
          area: cell.area[row] ?? -1,
          ri: cell.axialResistance[row] ?? -1,
          cm: cell.cm[row] ?? -1,
          diam: cell.diameter[row] ?? -1,
          distance: cell.pathDistance[row] ?? -1,
          Ih: parameter('Ih.gIhbar'),
          Ca_LVAst: parameter('Ca_LVAst.gCa_LVAstbar'),
        };
      });
      expect(ours).toEqual(direct.rows);
      // Both distributions vary along the apical tree, so that equality means something.
      const spread = (key: 'Ih' | 'Ca_LVAst') =>
        new Set(direct.rows.filter(({ section }) => section.startsWith('apic')).map((row) => row[key])).size;
      expect(spread('Ih')).toBeGreaterThan(100);
      if (name === 'l5pc-hay') expect(spread('Ca_LVAst')).toBe(2);
    });

    test('has every parent before its children, and a matrix that fits its areas and resistances', async (context) => {
      context.skip(lack !== null, lack ?? '');
      const cell = await engine.describe(requestFor(await modelNamed(name)));
      const at = (column: Float64Array | Int32Array, row: number) => column[row] as number;
      for (let row = 1; row < cell.nodes; row++) {
        const parent = at(cell.parent, row);
        expect(parent).toBeLessThan(row);
        const resistance = at(cell.axialResistance, row);
        expect(at(cell.axialB, row) * resistance * at(cell.area, row)).toBeCloseTo(-100, 10);
        expect(at(cell.axialA, row) * resistance * at(cell.area, parent)).toBeCloseTo(-100, 10);
      }
    });
  });
}

/** The paper's input on the default cell. */
async function paperTrials(seconds: number, count: number, seed: number) {
  const model = await modelNamed('l5pc-bbp');
  const cell = requestFor(model);
  const snapshot = await engine.describe(cell);
  const experiment = parseExperiment({ seed, simulation: { seconds } });
  const trials = Array.from({ length: count }, (_, index): Trial => {
    return { index, events: stimulusFor(experiment, snapshot, index) };
  });
  return { model, cell, snapshot, trials };
}

/** All blocks of one recording, by trial, sample-major. */
async function voltages(
  cell: CellRequest,
  trials: readonly Trial[],
  options: RunOptions,
  using = engine,
): Promise<Map<number, Float64Array>> {
  const parts = new Map<number, Float64Array[]>();
  for await (const { trial, values, firstSample, sites } of using.run(cell, trials, options)) {
    const list = parts.get(trial) ?? [];
    parts.set(trial, list);
    expect(firstSample).toBe(list.reduce((sum, block) => sum + block.length, 0) / sites);
    list.push(values.slice());
  }
  return new Map([...parts].map(([trial, list]) => [trial, Float64Array.from(list.flatMap((block) => [...block]))]));
}

function everySite(steps: number, order: 1 | 2 = 1): RunOptions {
  return { dt: 0.025, order, steps, recordings: [{ name: 'all', sites: 'all', everySteps: 1 }] };
}

for (const order of [1, 2] as const) {
  test(`a trial is what Vector.record keeps of the direct build under the same events, order ${order}`, async () => {
    const steps = 4000;
    const { model, cell, snapshot, trials } = await paperTrials(0.1, 1, 3);
    const [trial] = trials as [Trial];
    expect(trial.events.time.length).toBeGreaterThan(200);
    const ours = (await voltages(cell, trials, everySite(steps, order))).get(0) ?? new Float64Array();
    const direct = await buildDirectly(model, { dt: 0.025, order, steps, events: trial.events });
    const sites = direct.rows.length;
    expect(ours).toHaveLength(sites * (steps + 1));
    const siteOf = new Map(Array.from(compartmentRows(snapshot), (row, site) => [place(snapshot, row), site]));
    let differing = 0;
    let low = 0;
    let high = -100;
    for (const [k, { section, x }] of direct.rows.entries()) {
      const site = siteOf.get(`${section}(${pythonNumber(x)})`) ?? -1;
      direct.voltage[k]?.forEach((v, step) => {
        if (ours[step * sites + site] !== v) differing++;
        low = Math.min(low, v);
        high = Math.max(high, v);
      });
    }
    expect(differing).toBe(0);
    expect(high - low).toBeGreaterThan(5);
  });
}

function bitsOf(values: Float64Array = new Float64Array()): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

test('a trial has the same bits after others, in a fresh process, and on several workers', async () => {
  const { cell, trials } = await paperTrials(0.05, 3, 5);
  const options = everySite(2000);
  const first = await voltages(cell, trials, options);
  const again = await voltages(cell, [...trials].reverse(), options);
  const fresh = createNeuronEngine({ models: MODELS, workers: 2 });
  try {
    const parallel = await voltages(cell, trials, options, fresh);
    expect(first.size).toBe(3);
    for (const [index, values] of first) {
      expect(bitsOf(again.get(index)).equals(bitsOf(values))).toBe(true);
      expect(bitsOf(parallel.get(index)).equals(bitsOf(values))).toBe(true);
    }
    expect(first.get(0)).not.toEqual(first.get(1));
  } finally {
    await fresh.close();
  }
});

test('samples are those of the steps asked for, in every recording of a run', async () => {
  const { cell, snapshot, trials } = await paperTrials(0.15, 1, 5);
  const all = (await voltages(cell, trials, everySite(6000))).get(0) ?? new Float64Array();
  const sites = compartmentRows(snapshot).length;
  const somaSite = Array.from(compartmentRows(snapshot)).indexOf(snapshot.somaNode);
  const window = { firstStep: 3990, lastStep: 5003 };
  const got: number[][] = [];
  let last = 0;
  const recordings = [
    { name: 'soma', sites: 'soma' as const, everySteps: 7, window },
    { name: 'ends', sites: Int32Array.of(sites - 1, 0), everySteps: 40 },
  ];
  for await (const block of engine.run(cell, trials, { dt: 0.025, order: 1, steps: 6000, recordings })) {
    if (block.last) last++;
    for (let k = 0; k < block.samples; k++) {
      const step = (block.firstSample + k) * (block.recording === 'soma' ? 7 : 40);
      const wanted = block.recording === 'soma' ? [somaSite] : [sites - 1, 0];
      const values = Array.from(block.values.subarray(k * block.sites, (k + 1) * block.sites));
      expect(values).toEqual(wanted.map((site) => all[step * sites + site]));
      got.push([block.recording === 'soma' ? 0 : 1, step]);
    }
  }
  expect(last).toBe(1);
  const steps = (recording: number) => got.filter(([r]) => r === recording).map(([, step]) => step);
  expect(steps(0)).toEqual(
    Array.from({ length: 6001 }, (_, k) => k).filter((k) => k % 7 === 0 && k >= 3990 && k <= 5003),
  );
  expect(steps(1)).toEqual(Array.from({ length: 151 }, (_, k) => k * 40));
});

test('the default cell fires at a few spikes a second under the paper’s input', async () => {
  const { cell, trials } = await paperTrials(2, 3, 11);
  const options: RunOptions = {
    dt: 0.025,
    order: 1,
    steps: 80_000,
    recordings: [{ name: 'soma', sites: 'soma', everySteps: 5 }],
  };
  const spikes = [...(await voltages(cell, trials, options)).values()].map((v) => spikePeaks(v).length);
  const rate = spikes.reduce((sum, n) => sum + n, 0) / 6;
  // About 3 a second over many trials; three short ones scatter around that.
  expect(rate).toBeGreaterThan(0.5);
  expect(rate).toBeLessThan(9);
});

test('a trial that would never end can be cancelled, and the engine goes on', async () => {
  const { cell, trials } = await paperTrials(0.05, 1, 7);
  const stop = new AbortController();
  const endless = { ...everySite(1_000_000_000), signal: stop.signal, onProgress: () => stop.abort() };
  const outcome = await voltages(cell, trials, endless).catch((error: unknown) => error);
  expect(isTwincellError(outcome, 'Interrupted')).toBe(true);
  expect((await voltages(cell, trials, everySite(40))).get(0)?.length).toBeGreaterThan(0);
});
