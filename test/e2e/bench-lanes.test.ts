/** What the bench compares is one experiment: its contestants give the same potentials. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContestant } from '../bench/contestants.ts';
import type { LaneRequest } from '../bench/lane.ts';
import type { Contestant } from '../bench/result.ts';
import { createSubject, type Subject } from '../bench/subject.ts';
import { readTrace, type Trace } from '../bench/trace.ts';

const REQUEST: LaneRequest = { trial: 0, duration: 40 };
/** The spread of one rounding of exp over such a run is far below this (mV). */
const SAME_MV = 1e-6;

describe('contestants of the bench', () => {
  let folder: string;
  let subject: Subject;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twincell-lanes-'));
    subject = await createSubject({ model: 'l5pc-bbp', seconds: 0.04, trials: 1 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function traceOf(name: Contestant, pairs: number, request: LaneRequest): Promise<Trace> {
    const lane = await openContestant(name, subject, { peers: false, pairs });
    try {
      const trace = join(folder, `${name}-${pairs}`);
      const answer = await lane.run({ ...request, trace });
      expect(lane.compartments).toBe(subject.compartments);
      expect(answer.cpu).toBeGreaterThan(0);
      return readTrace(trace);
    } finally {
      await lane.close();
    }
  }

  function difference(a: Trace, b: Trace): number {
    expect(a.times).toHaveLength(b.times.length);
    return a.voltages.reduce((most, v, k) => Math.max(most, Math.abs(v - (b.voltages[k] as number))), 0);
  }

  it.each([1, 2] as const)('are the same cell under the same events, order %i', async (order) => {
    const request = { ...REQUEST, order };
    const neuron = await traceOf('neuron', 1, request);
    expect(neuron.times).toHaveLength(1601);
    expect(Math.max(...neuron.voltages) - Math.min(...neuron.voltages)).toBeGreaterThan(1);
    expect(difference(await traceOf('exact', 1, request), neuron)).toBeLessThan(SAME_MV);
  });

  it('have as much conductance where the events are handed to more synapses', async () => {
    const one = await traceOf('exact', 1, REQUEST);
    expect(difference(await traceOf('exact', 3, REQUEST), one)).toBeLessThan(SAME_MV);
  });

  it('take NEURON’s variable step where a tolerance is asked for, and come closer to the fixed one with the step', async () => {
    const variable = await traceOf('neuron', 1, { ...REQUEST, tolerance: 1e-5 });
    const last = (trace: Trace): number => trace.voltages.at(-1) as number;
    const errors: number[] = [];
    for (const dt of [0.1, 0.025]) {
      errors.push(Math.abs(last(await traceOf('exact', 1, { ...REQUEST, dt, order: 2 })) - last(variable)));
    }
    expect(errors[1]).toBeLessThan(errors[0] as number);
  });
});
