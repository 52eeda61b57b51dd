/**
 * First divergence with the real NEURON on one side: it runs the mechanisms as they are, the solver runs them with one thing
 * wrong, and the report of the cross-check names mechanism, variable and step.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CrosscheckResult, crosscheck, divergenceText } from '../../src/crosscheck/index.ts';
import type { CellRequest, Engine, Trial } from '../../src/engine/engine.ts';
import { createNeuronEngine, type NeuronEngine } from '../../src/engine/neuron.ts';
import { createSolverEngine } from '../../src/engine/solver.ts';
import { type ModelCard, synapsesOf } from '../../src/model/index.ts';
import { SMALL_ASC } from '../fixtures/small-model.ts';
import { CALCIUM_MODS } from '../fixtures/wrong-kernel.ts';

const NAMES = Object.keys(CALCIUM_MODS);
const MEMBRANE = {
  cm: 1,
  Ra: 100,
  reversals: { ek: -90 },
  mechanisms: { pas: { g: 1e-4, e: -70 }, ...Object.fromEntries(NAMES.map((name) => [name, {}])) },
};
const CARD: ModelCard = {
  name: 'calcium',
  title: 'Calcium channels, a pool and a channel that reads it',
  citation: '',
  licence: '',
  construction: {
    kind: 'morphology',
    source: 'folder',
    morphology: { file: 'small.asc' },
    axon: 'keep',
    segmentLength: 40,
  },
  mechanisms: { source: 'folder', files: NAMES.map((name) => ({ file: `${name}.mod` })) },
  celsius: 34,
  vInit: -65,
  regions: { soma: MEMBRANE, basal: MEMBRANE, apical: MEMBRANE },
  nexus: null,
};

let folder: string;
let neuron: NeuronEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-divergence-'));
  neuron = createNeuronEngine();
  await writeFile(join(folder, 'small.asc'), SMALL_ASC);
  for (const [name, text] of Object.entries(CALCIUM_MODS)) await writeFile(join(folder, `${name}.mod`), text);
});
afterAll(async () => {
  await neuron.close();
  await rm(folder, { recursive: true, force: true });
});

/** The solver, with one text changed in one mechanism. */
async function solverWith(mechanism: string, right: string, wrong: string): Promise<Engine> {
  const text = CALCIUM_MODS[mechanism] ?? '';
  expect(text).toContain(right);
  const changed = await mkdtemp(join(folder, 'wrong-'));
  await mkdir(changed, { recursive: true });
  await writeFile(join(changed, `${mechanism}.mod`), text.replace(right, wrong));
  const solver = createSolverEngine({ describe: (cell, signal) => neuron.describe(cell, signal) });
  const misread = (cell: CellRequest): CellRequest => ({
    ...cell,
    mechanisms: cell.mechanisms.map((file) =>
      basename(file) === `${mechanism}.mod` ? join(changed, basename(file)) : file,
    ),
  });
  return {
    ...solver,
    run: (cell, trials, options) => solver.run(misread(cell), trials, options),
    async recordWindow(cell, trial, window) {
      if (solver.recordWindow === undefined) throw new Error('the solver records no windows');
      return solver.recordWindow(misread(cell), trial, window);
    },
  };
}

const ON_MS = 2;
const DT = 0.025;

async function compare(other: Engine): Promise<CrosscheckResult> {
  const cell: CellRequest = {
    card: CARD,
    morphology: join(folder, 'small.asc'),
    mechanisms: NAMES.map((name) => join(folder, `${name}.mod`)),
    folder,
    passive: false,
    synapses: synapsesOf('AMPA'),
    skFactor: 1,
  };
  return crosscheck({
    reference: neuron,
    other,
    cell,
    trials: (snapshot): Trial[] => {
      const dendrites = snapshot.dendrite.filter((channel) => channel >= 0).length;
      const events = { dendrites, channel: Int32Array.of(0), time: Float64Array.of(ON_MS) };
      const clamp = { site: 'soma', delayMs: ON_MS, durationMs: 100, amplitudeNa: 0.1 } as const;
      return [{ index: 0, events, clamps: [clamp] }];
    },
    dt: DT,
    order: 1,
    steps: 400,
    toleranceMv: 1e-7,
  });
}

describe('where the solver reads a mechanism wrongly', () => {
  test('nothing parts while it reads all of them rightly', async () => {
    const result = await compare(await solverWith('pool', 'decay = 40', 'decay = 40'));
    expect(result).toMatchObject({ status: 'agrees', divergence: null });
    expect(result.voltageRangeMv).toBeGreaterThan(5);
  });

  test('one sign', async () => {
    const { status, divergence } = await compare(await solverWith('cach', '(v - eca)', '(eca - v)'));
    expect(status).toBe('differs');
    // Wrong from the start on; NEURON does not show the current, which has no RANGE, but the ion's sum.
    expect(divergence).toMatchObject({ step: 0, mechanism: 'cach', variable: 'ica', kind: 'current' });
    expect(divergence?.other).toBe(-(divergence?.reference ?? Number.NaN));
    expect(divergence?.cause).toMatchObject({ cause: 'mechanism' });
    expect(divergence?.cause?.smallerStep).not.toBeNull();
    expect(divergence?.cause?.finerMesh).not.toBeNull();
    expect(divergenceText(divergence as never, { reference: 'NEURON', other: 'solver' })[0]).toContain('by cach');
  });

  test('one rate', async () => {
    // Nothing opens at rest to more than its steady state, so the wrong rate shows only once the clamp moves v.
    const wrong = await solverWith('cach', 'mtau = 1 +', 'mtau = 1.001 +');
    const { divergence } = await compare(wrong);
    expect(divergence).toMatchObject({ mechanism: 'cach', variable: 'cach.m', kind: 'state' });
    expect(divergence?.together.map(({ variable }) => variable)).toContain('cach.mtau');
    expect(divergence?.history.steps.at(-1)).toBe(divergence?.step);
    expect(divergence?.history.reference.at(-1)).toBe(divergence?.reference);
  });

  test('one ion order', async () => {
    const wrong = await solverWith('kca', '4e-4 * cao / (2 * cai)', '4e-4 * cai / (2 * cao)');
    const { divergence } = await compare(wrong);
    expect(divergence).toMatchObject({ step: 1, mechanism: 'kca', variable: 'kca.z', kind: 'state' });
  });
});
