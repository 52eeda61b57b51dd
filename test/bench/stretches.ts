/** Times of a trial in parts, where every stretch of its steps counts as its fastest repetition: other work only ever adds. */
import { performance } from 'node:perf_hooks';

/** Runs of a part by itself that are timed together, and how often they are. */
export const TOGETHER = 50;
export const TIMES = 60;

/** The first steps are compiled while they run. */
const WARMING = 500;

export interface PartTimes {
  /** ns per compartment and step, of runs in which nobody looks at the parts. */
  readonly whole: number;
  /** ns per compartment and step without what looking at the clock takes, in the order in which the parts were first seen. */
  readonly parts: Readonly<Record<string, number>>;
  /** Upward crossings of 0 mV by the soma in the last trial. */
  readonly spikes: number;
}

export interface Timed {
  /** Steps and compartments of a trial. */
  readonly steps: number;
  readonly compartments: number;
  /** Steps between two looks at the clock: some ms, so that other work spares one of the repetitions of most of them. */
  readonly stretch: number;
  /** Of the soma, after each step (mV). */
  readonly potential: () => number;
  readonly start: () => void;
  readonly step: () => void;
}

export interface Stretches {
  /** The part that has just ended takes the time since the last such call, or since the step began. */
  passed(part: string): void;
  /** One trial. */
  run(inParts: boolean): void;
  result(): PartTimes;
}

export function createStretches({ steps, compartments, stretch, potential, start, step }: Timed): Stretches {
  const stretches = Math.floor(steps / stretch);
  const warming = Math.ceil(WARMING / stretch);
  if (stretches <= warming) {
    throw new TypeError(`a profile takes more than ${WARMING} steps, not ${steps}: give it more --seconds`);
  }
  const none = (): Float64Array => new Float64Array(stretches).fill(Number.POSITIVE_INFINITY);
  const whole = none();
  const byPart = new Map<string, Float64Array>();
  const parts = new Map<string, number>();
  /** Looks at the clock in a stretch. */
  const looks = new Map<string, number>();
  let last = 0;
  let watched = false;
  let spikes = 0;

  function passed(part: string): void {
    if (!watched) return;
    const now = performance.now();
    parts.set(part, (parts.get(part) ?? 0) + now - last);
    looks.set(part, (looks.get(part) ?? 0) + 1);
    last = now;
  }

  function keep(k: number, elapsed: number): void {
    if (!watched) whole[k] = Math.min(whole[k] as number, elapsed);
    for (const [part, ms] of parts) {
      const least = byPart.get(part) ?? none();
      least[k] = Math.min(least[k] as number, ms);
      byPart.set(part, least);
    }
  }

  function total(least: Float64Array): number {
    const sum = least.subarray(warming).reduce((all, ms) => all + ms, 0);
    return (1e6 * sum) / ((stretches - warming) * stretch * compartments);
  }

  return {
    passed,
    run(inParts) {
      watched = false;
      start();
      watched = inParts;
      spikes = 0;
      let above = false;
      for (let now = 0; now < stretches; now++) {
        parts.clear();
        looks.clear();
        const started = performance.now();
        last = started;
        for (let k = 0; k < stretch; k++) {
          step();
          const high = potential() > 0;
          if (high && !above) spikes++;
          above = high;
          if (inParts) last = performance.now();
        }
        keep(now, performance.now() - started);
      }
      watched = false;
    },
    result() {
      const look = clockCost() / (stretch * compartments);
      const withoutLooks = (part: string, least: Float64Array): number => total(least) - look * (looks.get(part) ?? 0);
      return {
        whole: total(whole),
        parts: Object.fromEntries([...byPart].map(([part, least]) => [part, withoutLooks(part, least)])),
        spikes,
      };
    },
  };
}

/** What a look at the clock adds to the part that it ends (ns). */
function clockCost(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k++) {
    const started = performance.now();
    for (let i = 0; i < 100; i++) performance.now();
    least = Math.min(least, performance.now() - started);
  }
  return 1e4 * least;
}
