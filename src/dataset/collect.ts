/** From an engine's blocks to the record of a trial. */

import type { Recording, VoltageBlock } from '../engine/engine.ts';
import { spikePeaks } from '../engine/spikes.ts';
import { InvalidExperimentError } from '../errors.ts';
import { wholeSteps } from '../experiment/parse.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { EventTable } from '../stimulus/events.ts';
import { HIGH_RATE, type TrialRecord } from './shard.ts';

/** What a data set records of a trial: fine traces of soma and nexus, every dendritic segment once a ms. */
export interface RecordingPlan {
  readonly durationMs: number;
  readonly steps: number;
  readonly recordings: readonly Recording[];
  readonly dendrites: 'float32' | 'float16' | null;
}

/** @throws InvalidExperimentError where the time step does not divide an eighth of a ms */
export function recordingPlan(experiment: Experiment): RecordingPlan {
  const { dt, seconds } = experiment.simulation;
  const durationMs = Math.round(seconds * 1000);
  const fine = wholeSteps(1 / HIGH_RATE, dt);
  if (fine === null) {
    throw new InvalidExperimentError({
      path: '/simulation/dt',
      expected: 'a step that divides 0.125 ms (data sets hold 8 samples/ms), such as 0.025',
      found: `${dt} ms`,
    });
  }
  const coarse = fine * HIGH_RATE;
  const steps = coarse * durationMs;
  const until = (everySteps: number) => ({ firstStep: 0, lastStep: steps - everySteps });
  const recordings: Recording[] = [
    { name: 'soma', sites: 'soma', everySteps: fine, window: until(fine) },
    { name: 'nexus', sites: 'nexus', everySteps: fine, window: until(fine) },
  ];
  const { dendrites, dendritePrecision } = experiment.record;
  if (dendrites) recordings.push({ name: 'dendrites', sites: 'dendrites', everySteps: coarse, window: until(coarse) });
  return { durationMs, steps, recordings, dendrites: dendrites ? dendritePrecision : null };
}

/** Gathers the blocks of one trial; call `record` when its last block has come. */
export interface TrialCollector {
  add(block: VoltageBlock): void;
  record(): TrialRecord;
}

export function collectTrial(trial: number, events: EventTable, plan: RecordingPlan): TrialCollector {
  const { durationMs } = plan;
  const somaHigh = new Float64Array(durationMs * HIGH_RATE);
  const nexusHigh = new Float64Array(durationMs * HIGH_RATE);
  const dendrites = createDendrites(plan, events.dendrites);
  const counted = new Map(plan.recordings.map(({ name }) => [name, 0]));
  return {
    add(block) {
      const expected = counted.get(block.recording);
      if (block.trial !== trial || expected !== block.firstSample) {
        throw new Error(`blocks out of order: trial ${block.trial}, ${block.recording} sample ${block.firstSample}`);
      }
      counted.set(block.recording, block.firstSample + block.samples);
      if (block.recording === 'soma') somaHigh.set(block.values, block.firstSample);
      else if (block.recording === 'nexus') nexusHigh.set(block.values, block.firstSample);
      else if (dendrites !== null) transposeInto(dendrites, block, durationMs);
    },
    record() {
      for (const [name, count] of counted) {
        const whole = name === 'dendrites' ? durationMs : durationMs * HIGH_RATE;
        if (count !== whole) throw new Error(`trial ${trial}: ${count} of ${whole} samples of ${name}`);
      }
      return {
        trial,
        durationMs,
        events,
        somaHigh: Float32Array.from(somaHigh),
        nexusHigh: Float32Array.from(nexusHigh),
        soma: everyMs(somaHigh),
        nexus: everyMs(nexusHigh),
        ...(dendrites === null ? {} : { dendrites: dendrites instanceof Float32Array ? dendrites : bits(dendrites) }),
        // Found in the full-precision voltage: equal float32 neighbours could hide a peak.
        spikes: Float64Array.from(spikePeaks(somaHigh), (k) => k / HIGH_RATE),
      };
    },
  };
}

function createDendrites(plan: RecordingPlan, segments: number): Float32Array | Float16Array | null {
  const length = segments * plan.durationMs;
  if (plan.dendrites === null) return null;
  return plan.dendrites === 'float32' ? new Float32Array(length) : new Float16Array(length);
}

function bits(values: Float16Array): Uint16Array {
  return new Uint16Array(values.buffer, values.byteOffset, values.length);
}

function transposeInto(target: Float32Array | Float16Array, block: VoltageBlock, durationMs: number): void {
  const { samples, sites, values, firstSample } = block;
  for (let site = 0; site < sites; site++) {
    const start = site * durationMs + firstSample;
    for (let k = 0; k < samples; k++) target[start + k] = values[k * sites + site] as number;
  }
}

function everyMs(fine: Float64Array): Float32Array {
  return Float32Array.from({ length: fine.length / HIGH_RATE }, (_, ms) => fine[ms * HIGH_RATE] as number);
}
