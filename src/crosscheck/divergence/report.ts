/** A first divergence in words and as JSON. */
import type { CauseFinding } from './cause.ts';
import type { FirstDivergence } from './locate.ts';

/** What the two engines are called. */
export interface EngineNames {
  readonly reference: string;
  readonly other: string;
}

/** The divergence as JSON: plain values, stable keys. Numbers that JSON cannot hold become null. */
export interface DivergenceJson {
  readonly step: number;
  readonly timeMs: number;
  readonly variable: string;
  readonly kind: string;
  readonly mechanism: string | null;
  readonly suspects: readonly string[];
  readonly site: string;
  readonly reference: number;
  readonly other: number;
  readonly difference: number;
  readonly relative: number;
  readonly scale: number;
  readonly floor: number;
  readonly history: FirstDivergence['history'];
  readonly together: readonly {
    readonly variable: string;
    readonly site: string;
    readonly reference: number;
    readonly other: number;
    readonly relative: number;
  }[];
  readonly togetherCount: number;
  readonly atWindowStart: boolean;
  readonly cause: CauseFinding | null;
}

export function divergenceJson(found: FirstDivergence, cause: CauseFinding | null = null): DivergenceJson {
  const { variable, step, timeMs, reference, other, difference, relative, scale, floor } = found;
  return {
    ...{ step, timeMs, variable: variable.name, kind: variable.kind },
    mechanism: found.suspects.length === 1 ? (found.suspects[0] ?? null) : variable.mechanism,
    ...{ suspects: found.suspects, site: variable.site },
    ...{ reference, other, difference, relative, scale, floor, history: found.history },
    together: found.together.map((one) => ({
      variable: one.variable.name,
      site: one.variable.site,
      reference: one.reference,
      other: one.other,
      relative: one.relative,
    })),
    togetherCount: found.togetherCount,
    atWindowStart: found.atWindowStart,
    cause,
  };
}

/** As many of the variables that differ besides are printed. */
const PRINTED = 6;

/** The divergence as lines for people. */
export function divergenceText(found: DivergenceJson, names: EngineNames): string[] {
  const { history, suspects, cause } = found;
  const where = found.site === '' ? '' : ` in ${found.site}`;
  const who = suspects.length === 0 ? '' : `, ${suspects.length === 1 ? 'by' : 'by one of'} ${suspects.join(', ')}`;
  const width = Math.max(names.reference.length, names.other.length);
  const row = (name: string, values: readonly (string | number)[]): string =>
    `    ${name.padEnd(width)}  ${values.map((value) => String(value).padEnd(22)).join('  ')}`;
  return [
    `first divergence: ${found.variable} (${found.kind})${where} at step ${found.step}, ${round(found.timeMs)} ms${who}`,
    `  ${names.reference} ${found.reference}, ${names.other} ${found.other}: ` +
      `apart by ${round(found.difference)}, ${round(found.relative)} of its scale (floor: ${found.floor})`,
    ...(found.atWindowStart ? ['  this is where the record starts: they may have parted before'] : []),
    '  what each did just before, and then:',
    row('step', history.steps),
    row(names.reference, history.reference),
    row(names.other, history.other),
    ...togetherText(found, names),
    ...(cause === null ? [] : causeText(cause)),
  ].map((line) => line.trimEnd());
}

function togetherText({ together, togetherCount }: DivergenceJson, names: EngineNames): string[] {
  if (togetherCount === 0) return ['  nothing else differs by then'];
  const more = togetherCount - Math.min(PRINTED, together.length);
  return [
    '  with it:',
    ...together
      .slice(0, PRINTED)
      .map(
        (one) => `    ${one.variable} ${one.site}: ${names.reference} ${one.reference}, ${names.other} ${one.other}`,
      ),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** The verdict as a sentence, with what it rests on. */
export function causeText({ cause, differenceMv, smallerStep, finerMesh }: CauseFinding): string[] {
  const verdicts: Readonly<Record<CauseFinding['cause'], string>> = {
    numerical: 'numerical: a smaller time step brings them together',
    discretisation: 'discretisation: smaller compartments bring them together',
    mechanism: 'neither a smaller step nor smaller compartments bring them together: a mechanism is read differently',
  };
  const told = [
    `${round(differenceMv)} mV apart`,
    ...(smallerStep === null ? [] : [`${round(smallerStep.differenceMv)} mV at dt/${smallerStep.factor}`]),
    ...(finerMesh === null ? [] : [`${round(finerMesh.differenceMv)} mV at ${finerMesh.factor} times nseg`]),
  ];
  return [`  ${verdicts[cause]} (${told.join(', ')})`];
}

function round(x: number): string {
  return String(Number(x.toPrecision(4)));
}
