/** How cost grows: with compartments, with synapses, with trials. */
import { openContestant } from './contestants.ts';
import type { Lane, LaneAnswer } from './lane.ts';
import { leastCost } from './measure.ts';
import type { BenchResult, Contestant, Size, Trials } from './result.ts';
import { createSubject, type Subject } from './subject.ts';

/** Whose cost is followed. */
const FOLLOWED: readonly Contestant[] = ['neuron', 'exact', 'fast'];
const FINER = [1, 2, 4, 8];
const PAIRS = [0, 1, 2, 4];
const TRIALS = 8;
/** Length of a run (ms), NEURON's and the others', and how many count. */
const NEURON_MS = 50;
const SOLVER_MS = 200;
const REPETITIONS = 3;
/** Most runs before those that count. */
const WARM_UPS = 8;

type Say = (line: string) => void;

/** @param names those who took part */
export async function scaling(
  subject: Subject,
  names: readonly Contestant[],
  say: Say,
): Promise<NonNullable<BenchResult['scaling']>> {
  const followed = FOLLOWED.filter((name) => names.includes(name));
  const compartments: Size[] = [];
  for (const factor of FINER) {
    say(`compartments × ${factor}`);
    const finer = factor === 1 ? subject : await createSubject({ ...subject.options, finer: factor });
    compartments.push(await sizeOf(finer, followed, factor, 1));
  }
  const synapses: Size[] = [];
  for (const pairs of PAIRS) {
    say(`synapses × ${pairs}`);
    synapses.push(await sizeOf(subject, followed, pairs, pairs));
  }
  say(`${TRIALS} trials one after the other`);
  return { compartments, synapses, trials: await trialsOf(subject, followed) };
}

async function sizeOf(subject: Subject, names: readonly Contestant[], factor: number, pairs: number): Promise<Size> {
  return withLanes(subject, names, pairs, async (lanes) => {
    const durationOf = (name: Contestant): number => (name === 'neuron' ? NEURON_MS : SOLVER_MS);
    for (const [name, lane] of lanes) await settle(lane, durationOf(name));
    const answers = new Map<Contestant, LaneAnswer[]>([...lanes.keys()].map((name) => [name, []]));
    for (let k = 0; k < REPETITIONS; k++) {
      for (const [name, lane] of lanes)
        answers.get(name)?.push(await lane.run({ trial: 0, duration: durationOf(name) }));
    }
    const costs = [...answers].map(([name, counted]) => [name, leastCost(counted, subject.compartments)]);
    const dendrites = subject.trials[0]?.events.dendrites ?? 0;
    return {
      factor,
      compartments: subject.compartments,
      synapses: 2 * dendrites * pairs,
      nsPerCompartmentStep: Object.fromEntries(costs),
    };
  });
}

/** Runs until that stops making it faster: V8 optimises code while it runs. */
async function settle(lane: Lane, duration: number): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < WARM_UPS; k++) {
    const { cpu } = await lane.run({ trial: 0, duration });
    if (k > 0 && cpu > 0.97 * least) return;
    least = Math.min(least, cpu);
  }
}

/** After 1, 2, 4, … trials in one process: time of a trial so far, and memory. */
async function trialsOf(subject: Subject, names: readonly Contestant[]): Promise<Trials[]> {
  return withLanes(subject, names, 1, async (lanes) => {
    const rows: Trials[] = [];
    const cpu = new Map<Contestant, number>();
    for (let trials = 1; trials <= TRIALS; trials++) {
      const residentMb: Partial<Record<Contestant, number>> = {};
      for (const [name, lane] of lanes) {
        const one = await lane.run({ trial: (trials - 1) % subject.trials.length, duration: 2 * NEURON_MS });
        cpu.set(name, (cpu.get(name) ?? 0) + one.cpu);
        residentMb[name] = one.residentMb ?? one.peakMb;
      }
      if ((trials & (trials - 1)) !== 0) continue;
      const secondsPerTrial = Object.fromEntries([...cpu].map(([name, sum]) => [name, sum / trials]));
      rows.push({ trials, secondsPerTrial, residentMb });
    }
    return rows;
  });
}

async function withLanes<Result>(
  subject: Subject,
  names: readonly Contestant[],
  pairs: number,
  work: (lanes: ReadonlyMap<Contestant, Lane>) => Promise<Result>,
): Promise<Result> {
  const lanes = new Map<Contestant, Lane>();
  try {
    for (const name of names) lanes.set(name, await openContestant(name, subject, { peers: false, pairs }));
    return await work(lanes);
  } finally {
    await Promise.all([...lanes.values()].map((lane) => lane.close()));
  }
}
