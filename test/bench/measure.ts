/** Interleaved repetitions of all contestants on one trial. */
import type { Lane, LaneAnswer } from './lane.ts';
import type { Contestant, Entry } from './result.ts';

export type Lanes = ReadonlyMap<Contestant, Lane>;

export interface Measured {
  readonly answers: readonly LaneAnswer[];
  readonly firstSampleSeconds: number;
  readonly memoryMb: Entry['memoryMb'];
}

export interface Repetitions {
  readonly trial: number;
  readonly durationMs: number;
  readonly dt: number;
  readonly repetitions: number;
}

/**
 * A contestant's first step and its first whole trial, which counts for memory alone: compilers and caches warm up.
 */
export async function warmUp(
  lane: Lane,
  { trial, durationMs, dt }: Repetitions,
): Promise<{ readonly firstSampleSeconds: number; readonly before: LaneAnswer; readonly first: LaneAnswer }> {
  const asked = performance.now();
  const before = await lane.run({ trial, duration: dt, dt });
  const firstSampleSeconds = lane.startSeconds + (performance.now() - asked) / 1000;
  return { firstSampleSeconds, before, first: await lane.run({ trial, duration: durationMs, dt }) };
}

/** Everyone's turn, again and again: what else the machine does then falls on all of them alike. */
export async function takeTurns(
  lanes: Lanes,
  { trial, durationMs, dt, repetitions }: Repetitions,
  progress: (done: number) => void = () => {},
): Promise<Map<Contestant, LaneAnswer[]>> {
  const answers = new Map<Contestant, LaneAnswer[]>([...lanes.keys()].map((name) => [name, []]));
  for (let k = 0; k < repetitions; k++) {
    for (const [name, lane] of lanes) answers.get(name)?.push(await lane.run({ trial, duration: durationMs, dt }));
    progress(k + 1);
  }
  return answers;
}

/** Nanoseconds of CPU per compartment and step. */
export function costOf({ cpu, steps }: LaneAnswer, compartments: number): number {
  return (1e9 * cpu) / steps / compartments;
}

export function leastCost(answers: readonly LaneAnswer[], compartments: number): number {
  return Math.min(...answers.map((one) => costOf(one, compartments)));
}

export function summary(numbers: readonly number[]): Entry['nsPerCompartmentStep'] {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (k: number): number => sorted[k] as number;
  return { minimum: at(0), median: at(sorted.length >> 1), maximum: at(sorted.length - 1) };
}
