/** The table's numbers: everyone on the same cell and trial. */
import { type OpenOptions, openContestant } from './contestants.ts';
import type { Lane, LaneAnswer } from './lane.ts';
import { costOf, type Repetitions, summary, takeTurns, warmUp } from './measure.ts';
import type { Contestant, Entry } from './result.ts';
import type { Subject } from './subject.ts';

export interface SideBySide {
  readonly entries: ReadonlyMap<Contestant, Entry>;
  readonly leftOut: ReadonlyMap<Contestant, string>;
}

/** Whose bits these have to have. */
const PLAIN: Partial<Record<Contestant, Contestant>> = { exactRevectorized: 'exact', fastRevectorized: 'fast' };

interface Started {
  readonly lane: Lane;
  readonly firstSampleSeconds: number;
  readonly before: LaneAnswer;
  readonly first: LaneAnswer;
}

/** @param say a line of progress */
export async function sideBySide(
  subject: Subject,
  names: readonly Contestant[],
  repeat: Repetitions,
  options: OpenOptions,
  say: (line: string) => void,
): Promise<SideBySide> {
  const started = new Map<Contestant, Started>();
  const leftOut = new Map<Contestant, string>();
  try {
    for (const name of names) {
      say(`starting ${name}`);
      try {
        const one = await start(name, subject, repeat, options);
        started.set(name, one);
        requireSameBits(one, started.get(PLAIN[name] ?? name));
      } catch (error) {
        if (name === 'neuron') throw error;
        await started.get(name)?.lane.close();
        started.delete(name);
        leftOut.set(name, (error as Error).message);
        say(`${name} is left out: ${(error as Error).message}`);
      }
    }
    const lanes = new Map([...started].map(([name, { lane }]) => [name, lane]));
    const answers = await takeTurns(lanes, repeat, (done) => say(`repetition ${done} of ${repeat.repetitions}`));
    const entries = new Map(
      [...started].map(([name, one]) => [name, entryOf(one, answers.get(name) ?? [], subject.options.seconds)]),
    );
    return { entries, leftOut };
  } finally {
    await Promise.all([...started.values()].map(({ lane }) => lane.close()));
  }
}

/** @throws Error where the revectorizer changed a result, so that its time is worth nothing */
function requireSameBits({ first }: Started, plain: Started | undefined): void {
  if (first.digest === (plain ?? { first }).first.digest) return;
  throw new Error('its potentials are not those without the revectorizer, to the last bit');
}

async function start(name: Contestant, subject: Subject, repeat: Repetitions, options: OpenOptions): Promise<Started> {
  const lane = await openContestant(name, subject, options);
  try {
    return { lane, ...(await warmUp(lane, repeat)) };
  } catch (error) {
    await lane.close();
    throw error;
  }
}

function entryOf(
  { lane, firstSampleSeconds, before, first }: Started,
  answers: readonly LaneAnswer[],
  seconds: number,
): Entry {
  const last = answers.at(-1) as LaneAnswer;
  const memory = (answer: LaneAnswer): number => answer.residentMb ?? answer.peakMb;
  return {
    compartments: lane.compartments,
    nsPerCompartmentStep: summary(answers.map((one) => costOf(one, lane.compartments))),
    secondsPerSimulatedSecond: Math.min(...answers.map(({ cpu }) => cpu)) / seconds,
    wallOverCpu: Math.min(...answers.map(({ cpu, wall }) => wall / cpu)),
    spikes: last.spikes,
    startSeconds: lane.startSeconds,
    firstSampleSeconds,
    memoryMb: {
      peak: last.peakMb,
      trial: memory(first) - memory(before),
      furtherTrial: (memory(last) - memory(first)) / answers.length,
    },
  };
}
