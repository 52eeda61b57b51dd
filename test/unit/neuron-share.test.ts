/** NEURON's share of the solver's trials: which they are, what is written down, and what a failure leaves. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkAgrees, openChecks, openDataset, verifyDataset } from '../../src/dataset/index.ts';
import type { Engine, VoltageBlock } from '../../src/engine/engine.ts';
import { EnvironmentError, NeuronCheckError } from '../../src/errors.ts';
import { dataIdentity, defineExperiment, neuronShareOf, trialsForNeuron } from '../../src/experiment/index.ts';
import { type Prepared, prepare } from '../../src/launch/prepare.ts';
import { simulatePrepared } from '../../src/launch/simulate.ts';

describe('the trials that NEURON runs again', () => {
  const seed = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  const share = fc.oneof(fc.double({ min: 0.001, max: 1, noNaN: true }), fc.constantFrom(0.02, 0.1, 0.3, 1));

  test('are the first and one of every further 1/share, and stay when the data set grows', () => {
    fc.assert(
      fc.property(seed, share, fc.integer({ min: 1, max: 400 }), fc.nat({ max: 200 }), (s, part, trials, more) => {
        const chosen = trialsForNeuron(s, part, trials);
        expect(chosen[0]).toBe(0);
        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        expect(chosen.at(-1)).toBeLessThan(trials);
        expect(Math.abs(chosen.length - part * trials)).toBeLessThanOrEqual(1 + 1e-9);
        expect(trialsForNeuron(s, part, trials + more).filter((trial) => trial < trials)).toEqual(chosen);
      }),
    );
  });

  test('hang on the seed, are exactly the share of whole parts, all of them for 1 and none for 0', () => {
    const picks = Array.from({ length: 20 }, (_, s) => trialsForNeuron(s, 0.02, 1000));
    expect(new Set(picks.map(String)).size).toBe(20);
    for (const chosen of picks) {
      expect(chosen.map((trial) => Math.floor(trial / 50))).toEqual(Array.from({ length: 20 }, (_, k) => k));
    }
    expect(trialsForNeuron(3, 1, 4)).toEqual([0, 1, 2, 3]);
    expect(trialsForNeuron(3, 0, 4)).toEqual([]);
    expect(trialsForNeuron(3, 1e-9, 4)).toEqual([0]);
  });

  test('are those of an experiment on the solver, two in a hundred unless it says otherwise', () => {
    const of = (simulation: object) => neuronShareOf(defineExperiment({ simulation }));
    expect(of({ engine: 'solver' })).toBe(0.02);
    expect(of({ engine: 'solver', neuronShare: 0.5 })).toBe(0.5);
    expect(of({ engine: 'solver', neuronShare: 0 })).toBe(0);
    expect(of({ engine: 'neuron', neuronShare: 0.5 })).toBe(0);
    expect(() => of({ engine: 'solver', neuronShare: 1.1 })).toThrow('/simulation/neuronShare');
  });
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twincell-share-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const STEPS = 800;

interface Stand {
  /** What it does to the soma's voltage (mV) at a step; the voltage itself unless given. */
  readonly soma?: (v: number, trial: number, step: number) => number;
  /** Trials that it cannot run. */
  readonly fails?: (trial: number) => boolean;
  readonly trials?: number;
  readonly neuronShare?: number;
  readonly workers?: number;
}

/** A small cell on the solver, with the solver once more in NEURON's place. */
async function stand({ soma = (v) => v, fails = () => false, ...options }: Stand = {}) {
  const { trials = 3, neuronShare = 1, workers = 1 } = options;
  const experiment = defineExperiment({
    seed: 5,
    cell: { model: 'small' },
    simulation: { engine: 'solver', trials, seconds: 0.02, neuronShare },
  });
  const real = await prepare(experiment, { models: 'examples/own-model', workers });
  const asked: number[] = [];
  const prepared: Prepared = {
    ...real,
    createEngine(name, ...rest) {
      const solver = real.createEngine('solver', ...rest);
      return name === 'solver' ? solver : { ...solver, name: 'neuron', run: disturbed(solver) };
    },
  };
  const disturbed = (solver: Engine): Engine['run'] =>
    async function* (cell, inputs, run) {
      const { somaNode, segment } = await solver.describe(cell);
      const site = segment.slice(0, somaNode).filter((k) => k >= 0).length;
      const every = new Map(run.recordings.map((recording) => [recording.name, recording]));
      for await (const block of solver.run(cell, inputs, run)) {
        if (fails(block.trial)) throw new EnvironmentError('no NEURON here', { remedy: 'Set it up.' });
        const recording = every.get(block.recording);
        if (recording === undefined) throw new Error('an unknown recording');
        if (recording.sites === 'all' && block.firstSample === 0) asked.push(block.trial);
        yield recording.sites === 'all' || recording.sites === 'soma'
          ? changed(block, recording.sites === 'all' ? site : 0, recording.everySteps, soma)
          : block;
      }
    };
  return { prepared, asked };
}

function changed(block: VoltageBlock, site: number, every: number, soma: NonNullable<Stand['soma']>): VoltageBlock {
  const values = block.values.slice();
  for (let k = 0; k < block.samples; k++) {
    const at = k * block.sites + site;
    values[at] = soma(values[at] as number, block.trial, (block.firstSample + k) * every);
  }
  return { ...block, values };
}

describe('a data set of the solver', () => {
  test('says of each trial run again how far NEURON is from it', async () => {
    const { prepared } = await stand({ soma: (v, trial, step) => (trial === 1 && step === 333 ? v + 1e-3 : v) });
    const { neuron, complete } = await simulatePrepared(prepared, { out: folder });
    expect(complete).toBe(true);
    expect(neuron).toMatchObject({ share: 1, toleranceMv: 1e-7 });
    const sames = { reproduced: true, spikes: 0, spikesEqual: true, spikeStepsEqual: true };
    expect(neuron?.trials).toMatchObject([0, 1, 2].map((trial) => ({ trial, ...sames })));
    const [first, second, third] = neuron?.trials.map((check) => check.maxAbsDiffMv ?? Number.NaN) ?? [];
    expect([first, third]).toEqual([0, 0]);
    expect(Math.abs((second ?? 0) - 1e-3)).toBeLessThan(1e-12);
    expect(neuron?.trials.map((check) => checkAgrees(check, neuron.toleranceMv))).toEqual([true, false, true]);
    expect((await openDataset(folder)).manifest.neuron).toEqual(neuron);
  });

  test('tells a spike that NEURON has at a sample of the data set from one between two samples', async () => {
    // Samples are five steps apart.
    const { prepared } = await stand({
      soma: (v, trial, step) => (trial === 0 && step === 300 ? 20 : trial === 1 && step === 302 ? 20 : v),
    });
    const { neuron } = await simulatePrepared(prepared, { out: folder });
    const verdicts = neuron?.trials.map(({ spikes, spikesEqual, spikeStepsEqual }) => [
      spikes,
      spikesEqual,
      spikeStepsEqual,
    ]);
    expect(verdicts).toEqual([
      [1, false, false],
      [1, true, false],
      [0, true, true],
    ]);
  });

  test('calls no voltage that is no number agreement', async () => {
    const { prepared } = await stand({ trials: 1, soma: (v, _, step) => (step === STEPS ? Number.NaN : v) });
    const { neuron } = await simulatePrepared(prepared, { out: folder });
    expect(neuron?.trials).toMatchObject([{ maxAbsDiffMv: null }]);
    expect(neuron?.trials.some((check) => checkAgrees(check, 1e9))).toBe(false);
  });

  test('has the same manifest whatever the number of workers, and however it was interrupted', async () => {
    const read = () => readFile(join(folder, 'manifest.json'), 'utf8');
    await simulatePrepared((await stand({ trials: 4 })).prepared, { out: folder });
    const straight = await read();
    await rm(folder, { recursive: true });
    await simulatePrepared((await stand({ trials: 4, workers: 3 })).prepared, { out: folder });
    expect(await read()).toBe(straight);
    await rm(folder, { recursive: true });
    const stop = new AbortController();
    const { prepared, asked } = await stand({ trials: 4 });
    const stopped = simulatePrepared(prepared, {
      out: folder,
      signal: stop.signal,
      onCheck: ({ checked }) => {
        if (checked === 2) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow();
    expect((await openDataset(folder)).manifest.complete).toBe(true);
    await simulatePrepared(prepared, { out: folder });
    expect(asked.filter((trial) => trial < 2)).toEqual([0, 1]);
    expect(await read()).toBe(straight);
  });

  test('is whole where NEURON fails, and the next command runs only what is missing', async () => {
    const { prepared } = await stand({ fails: (trial) => trial >= 1 });
    const failed = await simulatePrepared(prepared, { out: folder }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NeuronCheckError);
    expect(failed).toMatchObject({ path: folder, unchecked: [1, 2], exitCode: 3 });
    expect((failed as Error).message).toContain('no NEURON here');
    expect((failed as NeuronCheckError).remedy).toMatch(/Set it up\.\n.*only what is missing/);
    const dataset = await openDataset(folder);
    expect(await verifyDataset(dataset)).toEqual([]);
    expect(dataset.manifest.neuron?.trials.map((check) => check.trial)).toEqual([0]);
    const again = await stand();
    const { neuron } = await simulatePrepared(again.prepared, { out: folder });
    expect(again.asked).toEqual([1, 2]);
    expect(neuron?.trials.map((check) => check.trial)).toEqual([0, 1, 2]);
  });

  test('without a share never asks NEURON, is of the same identity, and keeps what was checked', async () => {
    const none = await stand({ neuronShare: 0 });
    const { neuron, identity } = await simulatePrepared(none.prepared, { out: folder });
    expect([neuron, none.asked]).toEqual([undefined, []]);
    const some = await stand({ neuronShare: 0.5 });
    expect(dataIdentity(some.prepared.experiment, some.prepared.dependencies)).toBe(identity);
    const checked = await simulatePrepared(some.prepared, { out: folder });
    expect(checked.neuron).toMatchObject({ share: 0.5, trials: some.asked.map((trial) => ({ trial })) });
    expect((await simulatePrepared(none.prepared, { out: folder })).neuron).toEqual(checked.neuron);
  });

  test('whose bytes changed since is checked again', async () => {
    const { prepared } = await stand({ trials: 1 });
    const { shards, neuron } = await simulatePrepared(prepared, { out: folder });
    const path = join(folder, 'manifest.json');
    const text = await readFile(path, 'utf8');
    // As if the trial had been compared in another state than it is in.
    const [check] = neuron?.trials ?? [];
    await writeFile(
      path,
      text.replace(
        `"sha256": "${check?.sha256}",\n        "reproduced"`,
        `"sha256": "${'0'.repeat(64)}",\n        "reproduced"`,
      ),
    );
    const writer = await openChecks(folder, { share: 1, toleranceMv: 1e-7 });
    expect([...writer.checked.keys()]).toEqual([]);
    expect(writer.manifest.shards).toEqual(shards);
  });

  test('that the solver does not give again is not said to be reproduced', async () => {
    const { prepared } = await stand({ trials: 1, soma: (v, _, step) => (step === 400 ? v + 0.01 : v) });
    const changing: Prepared = {
      ...prepared,
      // Both engines that run the trial again are off at one sample; those that make the data set are not.
      createEngine: (name, workers, ...rest) =>
        prepared.createEngine(workers === 1 ? 'neuron' : name, workers, ...rest),
    };
    const { neuron } = await simulatePrepared(changing, { out: folder });
    expect(neuron?.trials).toMatchObject([{ reproduced: false, maxAbsDiffMv: 0, spikesEqual: true }]);
    expect(neuron?.trials.every((check) => checkAgrees(check, 1))).toBe(false);
  });
});
