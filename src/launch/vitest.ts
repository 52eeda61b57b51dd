/**
 * Matchers for a team's conformance tests.
 *
 * ```ts
 * import { defineExperiment } from 'twincell';
 * import 'twincell/vitest';
 * import { expect, test } from 'vitest';
 *
 * test('the passive cell agrees with NEURON', async () => {
 *   await expect(defineExperiment({ cell: { passive: true } })).toAgreeWithNeuron({ toleranceMv: 1e-9 });
 * });
 *
 * test('the spike is where it was', () => {
 *   expect({ dtMs: 0.025, mv }).toMatchTrace(reference, { maxAbsMv: 0.1, spikeShiftMs: 0.05 });
 * });
 * ```
 */
import { expect } from 'vitest';
import { compareTraces, type FirstWindow, type Trace, type TraceTolerance } from '../crosscheck/index.ts';
import { type ExperimentInput, parseExperiment } from '../experiment/index.ts';
import { type CrosscheckExperimentOptions, crosscheckExperiment } from './crosscheck.ts';
import { explainCrosscheck, explainTraces } from './explain.ts';

export type { Trace, TraceTolerance };

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Samples within `maxAbsMv` of the reference (mV), spikes (peaks above -25 mV, paired in order) within `spikeShiftMs`
     * (ms). Without either, equal to the last bit.
     */
    toMatchTrace(reference: Trace, tolerance?: TraceTolerance): R;
    /**
     * Runs the experiment on NEURON and on the TypeScript solver and compares every compartment at every step. Passes when
     * they agree; not where nothing happened, or something is refused.
     */
    toAgreeWithNeuron(options?: CrosscheckExperimentOptions): Promise<T extends never ? never : void>;
  }
}

expect.extend({
  toMatchTrace(received: Trace, reference: Trace, tolerance: TraceTolerance = {}) {
    const comparison = compareTraces(received, reference, tolerance);
    return { pass: comparison.matches, message: () => explainTraces(comparison, received, reference) };
  },
  async toAgreeWithNeuron(received: ExperimentInput, options: CrosscheckExperimentOptions = {}) {
    const experiment = parseExperiment(received);
    let window: FirstWindow | null = null;
    const result = await crosscheckExperiment(experiment, {
      ...options,
      onFirst(around) {
        window = around;
        options.onFirst?.(around);
      },
    });
    const { dt } = experiment.simulation;
    return { pass: result.status === 'agrees', message: () => explainCrosscheck(result, dt, window) };
  },
});
