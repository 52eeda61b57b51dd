/** Which exponentials of the potential are computed, and which are powers of those. */

/** exp(slope·(v + offset)). */
export interface Base {
  readonly slope: number;
  readonly offset: number;
}

export interface Bases {
  /** exp(slope·v) is `base` to a whole power, but for a number. */
  of(slope: number, offset: number): { readonly base: Base; readonly power: number };
}

/** A slope that is this many times another one is a power of it. */
const LARGEST_MULTIPLE = 12;
/** Slopes that were rounded on their way differ by less than this. */
const TOLERANCE = 4 * Number.EPSILON;

/** From all slopes and offsets that occur, each as often as it does. */
export function chooseBases(found: readonly Base[]): Bases {
  const groups: { slope: number; members: Base[] }[] = [];
  for (const one of [...found].sort((a, b) => Math.abs(a.slope) - Math.abs(b.slope))) {
    const group = groups.find(({ slope }) => multipleOf(one.slope, slope) !== null);
    if (group === undefined) groups.push({ slope: Math.abs(one.slope), members: [one] });
    else group.members.push(one);
  }
  const bases = groups.map(({ slope, members }): Base => {
    const rising = members.filter((one) => one.slope > 0).length;
    const own = members.filter((one) => Math.abs(multipleOf(one.slope, slope) ?? 0) === 1);
    return {
      slope: 2 * rising >= members.length ? slope : -slope,
      offset: mostFrequent(own.map(({ offset }) => offset)),
    };
  });
  return {
    of(slope, offset) {
      for (const base of bases) {
        const power = multipleOf(slope, base.slope);
        if (power !== null) return { base, power };
      }
      return { base: { slope, offset }, power: 1 };
    },
  };
}

/** How many times `unit` the slope is, where that is a small whole number. */
function multipleOf(slope: number, unit: number): number | null {
  const times = Math.round(slope / unit);
  if (times === 0 || Math.abs(times) > LARGEST_MULTIPLE) return null;
  return Math.abs(slope - times * unit) <= TOLERANCE * Math.abs(slope) ? times : null;
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
}
