/** Differences in words and a sketch: where, by how much, and what both traces did there. */
import {
  type CrosscheckResult,
  type FirstWindow,
  sketchAround,
  type Trace,
  type TraceComparison,
} from '../crosscheck/index.ts';

/** Why a trace does not match its reference, or that it does. */
export function explainTraces(comparison: TraceComparison, received: Trace, reference: Trace): string {
  const { matches, maxAbsMv, spikeShiftMs, reasons, first, worst } = comparison;
  if (matches) {
    return `expected the traces to differ by more; the largest difference is ${maxAbsMv} mV, the largest spike shift ${spikeShiftMs} ms`;
  }
  const lines = ['the trace does not match its reference:', ...reasons.map((reason) => `  ${reason}`)];
  if (first !== null) {
    lines.push(
      `  first beyond that at ${first.atMs} ms: received ${first.receivedMv} mV, expected ${first.expectedMv} mV`,
    );
  }
  const { atMs } = first ?? worst;
  return [...lines, '', sketchAround(received, reference, atMs)].join('\n');
}

/** What a cross-check came to. @param dt its time step (ms) */
export function explainCrosscheck(result: CrosscheckResult, dt: number, window: FirstWindow | null): string {
  const { status, refused, maxAbsDiffMv, toleranceMv, events, voltageRangeMv } = result;
  if (refused !== undefined) return `the solver refused ${refused.construct}: ${refused.message}`;
  if (status === 'inert') {
    return `nothing to agree on: ${events} events, voltages over a range of ${voltageRangeMv} mV`;
  }
  if (status === 'agrees') {
    return `expected a difference; the largest is ${maxAbsDiffMv} mV (tolerance ${toleranceMv} mV)`;
  }
  return [...differenceLines(result), ...(window === null ? [] : ['', drawing(window, dt)])].join('\n');
}

function differenceLines({ bySite, first, ...result }: CrosscheckResult): string[] {
  const lines = [`NEURON and the solver differ by ${result.maxAbsDiffMv} mV (tolerance ${result.toleranceMv} mV)`];
  const [worst] = bySite.toSorted((a, b) => b.maxAbsMv - a.maxAbsMv);
  if (worst !== undefined) {
    lines.push(`  most at trial ${worst.trial}, ${worst.section}(${readable(worst.x)}), step ${worst.step}`);
  }
  if (first !== null) {
    const where = `trial ${first.trial}, ${first.section}(${readable(first.x)}), ${readable(first.timeMs)} ms`;
    lines.push(`  first beyond the tolerance at ${where}: NEURON ${first.referenceMv} mV, solver ${first.otherMv} mV`);
  }
  if (!result.spikeStepsEqual) {
    const shift = Number.isFinite(result.maxSpikeShiftMs)
      ? `shifted by up to ${readable(result.maxSpikeShiftMs)} ms`
      : 'of different number';
    lines.push(`  spikes ${shift}`);
  }
  return lines;
}

/** The site that differed first, on both engines. */
function drawing({ first, startStep, reference, other }: FirstWindow, dt: number): string {
  const drawn = sketchAround({ dtMs: dt, mv: other }, { dtMs: dt, mv: reference }, first.step * dt, startStep * dt);
  return drawn
    .replace('· expected   o received', '· NEURON   o solver')
    .replace('received - expected', 'solver - NEURON');
}

function readable(value: number): number {
  return Number(value.toPrecision(9));
}
