/**
 * Matchers for a team's conformance tests.
 *
 * ```ts
 * import { defineExperiment } from 'twincell';
 * import 'twincell/vitest';
 *
 * test('the passive cell agrees with NEURON', async () => {
 *   await expect(defineExperiment({ cell: { passive: true } })).toAgreeWithNeuron({ toleranceMv: 1e-9 });
 * });
 * ```
 */
import { expect } from 'vitest';
import type { CrosscheckResult } from '../crosscheck/index.ts';
import { compareTraces, sketch, type Trace, type TraceTolerance } from '../crosscheck/traces.ts';
import { type ExperimentInput, parseExperiment } from '../experiment/index.ts';
import { type CrosscheckExperimentOptions, crosscheckExperiment } from './crosscheck.ts';

export type { Trace, TraceTolerance };

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Samples within `maxAbsMv` of the reference (mV), spikes within `spikeShiftMs` (ms). */
    toMatchTrace(reference: Trace, tolerance?: TraceTolerance): R;
    /** Runs the experiment on NEURON and on the TypeScript solver; passes when the status is `agrees`. */
    toAgreeWithNeuron(options?: CrosscheckExperimentOptions): Promise<T extends never ? never : void>;
  }
}

expect.extend({
  toMatchTrace(received: Trace, reference: Trace, tolerance: TraceTolerance = {}) {
    const comparison = compareTraces(received, reference, tolerance);
    return {
      pass: comparison.matches,
      message: () =>
        comparison.matches
          ? `expected the traces to differ by more; the largest difference is ${comparison.maxAbsMv} mV`
          : [
              'the trace does not match its reference:',
              ...comparison.reasons.map((reason) => `  ${reason}`),
              `  there: received ${comparison.receivedMv} mV, expected ${comparison.expectedMv} mV`,
              sketch(received.mv, reference.mv),
              '           · expected   o received   @ both',
            ].join('\n'),
    };
  },
  async toAgreeWithNeuron(received: ExperimentInput, options: CrosscheckExperimentOptions = {}) {
    const result = await crosscheckExperiment(parseExperiment(received), options);
    return { pass: result.status === 'agrees', message: () => explain(result) };
  },
});

function explain(result: CrosscheckResult): string {
  const { status, refused, first, maxAbsDiffMv, toleranceMv, events, voltageRangeMv } = result;
  if (refused !== undefined) return `the solver refused ${refused.construct}: ${refused.message}`;
  if (status === 'inert') {
    return `nothing to agree on: ${events} events, voltages over a range of ${voltageRangeMv} mV`;
  }
  if (status === 'agrees')
    return `expected a difference; the largest is ${maxAbsDiffMv} mV (tolerance ${toleranceMv} mV)`;
  const where =
    first === null
      ? ''
      : `\n  first at trial ${first.trial}, ${first.section}(${first.x}), ${first.timeMs} ms: NEURON ${first.referenceMv} mV, solver ${first.otherMv} mV`;
  return `NEURON and the solver differ by ${maxAbsDiffMv} mV (tolerance ${toleranceMv} mV)${where}`;
}
