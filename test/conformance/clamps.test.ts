/** Injected current on both engines: several clamps at one place, one by section, at both orders, trials with and without. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CurrentClamp, Engine, Trial } from '../../src/engine/engine.ts';
import { spikePeaks } from '../../src/engine/spikes.ts';
import { defineExperiment } from '../../src/experiment/index.ts';
import { prepare } from '../../src/launch/index.ts';
import type { CellSnapshot } from '../../src/model/index.ts';

const models = fileURLToPath(new URL('../../examples/conformance-project/models', import.meta.url));
const DT = 0.025;
const STEPS = 4000;

const CLAMPS: readonly CurrentClamp[] = [
  // 0.1 + 0.2 + 0.07 depends on the order in which it is added up.
  { site: 'soma', delayMs: 10, durationMs: 60, amplitudeNa: 0.1 },
  { site: 'soma', delayMs: 20.01, durationMs: 30, amplitudeNa: 0.2 },
  { site: 'soma', delayMs: 0, durationMs: 1e9, amplitudeNa: 0.07 },
  { site: { section: 'dend[1]', x: 0.7 }, delayMs: 50, durationMs: 5, amplitudeNa: -0.3 },
];

const silence = (snapshot: CellSnapshot) => ({
  dendrites: snapshot.dendrite.filter((channel) => channel >= 0).length,
  channel: new Int32Array(0),
  time: new Float64Array(0),
});

describe.each([1, 2] as const)('at order %i', (order) => {
  test('every compartment does the same on NEURON and on the solver', async () => {
    const prepared = await prepare(defineExperiment({ cell: { model: 'stellate' } }), { models });
    const { cell } = prepared;
    /** By trial: every compartment at every step. */
    const run = async (engine: Engine) => {
      const events = silence(await engine.describe(cell));
      const trials: Trial[] = [
        { index: 0, events, clamps: CLAMPS },
        { index: 1, events },
        { index: 2, events, clamps: CLAMPS },
      ];
      const recordings = [
        { name: 'all', sites: 'all', everySteps: 1 },
        { name: 'soma', sites: 'soma', everySteps: 1 },
      ] as const;
      const traces = { all: [[], [], []] as number[][], soma: [[], [], []] as number[][] };
      try {
        for await (const block of engine.run(cell, trials, { dt: DT, order, steps: STEPS, recordings })) {
          const trace = traces[block.recording as 'all' | 'soma'][block.trial];
          for (const value of block.values) trace?.push(value);
        }
      } finally {
        await engine.close();
      }
      return traces;
    };
    const neuron = await run(prepared.createEngine('neuron', 1));
    const solver = await run(prepared.createEngine('solver', 1));
    for (const trial of [0, 1, 2]) {
      const [a, b] = [neuron.all[trial] ?? [], solver.all[trial] ?? []];
      expect(a.length).toBe((STEPS + 1) * 21);
      expect(b.length).toBe(a.length);
      expect(a.reduce((most, mv, k) => Math.max(most, Math.abs(mv - (b[k] as number))), 0)).toBeLessThanOrEqual(1e-9);
    }
    // The current did something, and is gone in the trial without.
    expect(spikePeaks(solver.soma[0] ?? []).length).toBeGreaterThan(3);
    expect(Math.max(...(neuron.soma[1] ?? []))).toBeLessThan(-55);
    expect(neuron.all[2]).toEqual(neuron.all[0]);
    expect(solver.all[2]).toEqual(solver.all[0]);
  });
});
