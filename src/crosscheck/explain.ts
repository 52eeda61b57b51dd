/** Why two engines gave different voltages: a second look at the trial in which they first did. */
import type { CellRequest, Engine, RecordWindow, Trial } from '../engine/engine.ts';
import { type CellSnapshot, compartmentRows } from '../model/snapshot.ts';
import { DifferenceTally, type FirstDifference } from './compare.ts';
import {
  type DivergenceJson,
  divergenceJson,
  findCause,
  narrow,
  type Refinement,
  ROUNDING_FLOOR,
} from './divergence/index.ts';
import { pairs } from './pairs.ts';

export interface ExplainOptions {
  readonly reference: Engine;
  readonly other: Engine;
  readonly cell: CellRequest;
  readonly trials: (snapshot: CellSnapshot) => readonly Trial[];
  readonly dt: number;
  readonly order: 1 | 2;
  readonly toleranceMv: number;
  readonly signal?: AbortSignal;
}

/** The potentials are compared until this long after they first differ, to see whether a finer run brings them together (ms). */
const HORIZON_MS = 2;

/** The first divergence and its cause; null where an engine cannot record, or nothing but the potentials differs. */
export async function explain(options: ExplainOptions, first: FirstDifference): Promise<DivergenceJson | null> {
  const { reference, other, cell } = options;
  const { recordWindow: recordReference } = reference;
  const { recordWindow: recordOther } = other;
  if (recordReference === undefined || recordOther === undefined) return null;
  const trial = options.trials(await reference.describe(cell, options.signal))[first.trial];
  if (trial === undefined) return null;
  const located = await narrow(first.step, recordBoth(options, trial), {
    // Where nothing at all may differ, nothing is rounding.
    floor: options.toleranceMv === 0 ? 0 : ROUNDING_FLOOR,
  });
  if (located.divergence === null) return null;
  const endMs = first.step * options.dt + HORIZON_MS;
  const measure = (refinement: Refinement): Promise<number | null> =>
    difference(options, refinement, first.trial, endMs);
  const base = (await measure({ step: 1, segments: 1 })) ?? Number.NaN;
  return divergenceJson(located.divergence, await findCause(base, measure));
}

function recordBoth({ reference, other, cell, dt, order, signal }: ExplainOptions, trial: Trial) {
  return async (firstStep: number, lastStep: number) => {
    const window = { dt, order, firstStep, lastStep, ...(signal && { signal }) };
    const record = (engine: Engine): ReturnType<RecordWindow> =>
      (engine.recordWindow as RecordWindow).call(engine, cell, trial, window);
    const [a, b] = await Promise.all([record(reference), record(other)]);
    return { reference: a, other: b };
  };
}

/** Largest difference of any site's potential up to a time (mV), so refined; null where the cell cannot be. */
async function difference(
  { reference, other, cell, trials, dt, order, signal }: ExplainOptions,
  { step, segments }: Refinement,
  index: number,
  endMs: number,
): Promise<number | null> {
  const refined = segments === 1 ? cell : withSegments(cell, segments);
  if (refined === null) return null;
  const snapshot = await reference.describe(refined, signal);
  const trial = trials(snapshot)[index];
  if (trial === undefined) return null;
  const run = {
    dt: dt / step,
    order,
    steps: Math.round(endMs / dt) * step,
    recordings: [{ name: 'all', sites: 'all', everySteps: step } as const],
    ...(signal && { signal }),
  };
  const tally = new DifferenceTally(compartmentRows(snapshot).length, Number.POSITIVE_INFINITY);
  for await (const [a, b] of pairs(reference.run(refined, [trial], run), other.run(refined, [trial], run))) {
    tally.add(a, b);
  }
  return tally.maxAbsMv;
}

/** The same cell in smaller compartments; null where a builder decides on them. */
function withSegments(cell: CellRequest, factor: number): CellRequest | null {
  const { construction } = cell.card;
  if (construction.kind !== 'morphology') return null;
  const { segmentLength: rule } = construction;
  const segmentLength = typeof rule === 'number' ? rule / factor : { ...rule, dLambda: rule.dLambda / factor };
  const finer = { ...construction, segmentLength };
  return { ...cell, card: { ...cell.card, construction: finer } };
}
