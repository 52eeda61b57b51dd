/** The same trials on two engines: do they agree, where do they not, and was there anything to agree on? */
import type { CellRequest, Engine, Recording, RunOptions, Trial } from '../engine/engine.ts';
import { RefusedError } from '../errors.ts';
import { type CellSnapshot, compartmentRows } from '../model/snapshot.ts';
import { DifferenceTally, type FirstDifference, type SiteDifference } from './compare.ts';
import type { DivergenceJson } from './divergence/index.ts';
import { explain } from './explain.ts';
import { pairs } from './pairs.ts';
import { SomaPair, SpikeTally } from './soma.ts';
import { type FirstWindow, WindowAroundFirst } from './window.ts';

/**
 * - agrees: differences within tolerance and spikes at the same steps;
 * - differs: not;
 * - inert: nothing happened (no events, or the voltage moved by less than 5 mV), so that agreement says nothing;
 * - refused: an engine will not run this model.
 */
export type CrosscheckStatus = 'agrees' | 'differs' | 'inert' | 'refused';

/** A voltage range below this says that nothing happened (mV). */
export const INERT_RANGE_MV = 5;

export interface CrosscheckOptions {
  readonly reference: Engine;
  readonly other: Engine;
  readonly cell: CellRequest;
  /** Called once for each engine; must give the same trials both times. */
  readonly trials: (snapshot: CellSnapshot) => readonly Trial[];
  readonly dt: number;
  readonly order: 1 | 2;
  readonly steps: number;
  /** Largest difference that still agrees (mV). */
  readonly toleranceMv: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (timeMs: number, totalMs: number) => void;
  /** Sees each pair of blocks of the soma, for drawing. */
  readonly onSoma?: (trial: number, reference: Float64Array, other: Float64Array) => void;
  /** Told at the end what the site that differed first did around that time. */
  readonly onFirst?: (window: FirstWindow) => void;
}

/** How much of it `onFirst` is told, before and after (ms). */
const WINDOW_MS = [15, 25] as const;

export interface CrosscheckResult {
  readonly status: CrosscheckStatus;
  readonly maxAbsDiffMv: number;
  readonly rmsDiffMv: number;
  /** Spikes (peaks of the soma above -25 mV) at identical steps. */
  readonly spikeStepsEqual: boolean;
  /** Spike-time differences, paired in order (ms); infinite where the counts differ. */
  readonly maxSpikeShiftMs: number;
  readonly sites: number;
  /** Samples a site, over all trials. */
  readonly samples: number;
  readonly events: number;
  /** Spikes of the reference. */
  readonly spikes: number;
  readonly voltageRangeMv: number;
  readonly toleranceMv: number;
  readonly bySite: readonly (SiteDifference & { readonly section: string; readonly x: number })[];
  /** The first sample that differs by more than the tolerance. */
  readonly first: (FirstDifference & { readonly section: string; readonly x: number; readonly timeMs: number }) | null;
  /** The first variable that parted, where and why; null where they agree, or an engine cannot tell. */
  readonly divergence: DivergenceJson | null;
  /** What was refused, and why. */
  readonly refused?: { readonly construct: string; readonly message: string };
}

/** Runs the same trials on both engines, every site at every step, and compares. */
export async function crosscheck(options: CrosscheckOptions): Promise<CrosscheckResult> {
  try {
    return await compareEngines(options);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return refusedResult(error, options.toleranceMv);
  }
}

async function compareEngines(options: CrosscheckOptions): Promise<CrosscheckResult> {
  const { reference, other, cell, dt, signal } = options;
  const snapshot = await reference.describe(cell, signal);
  await other.describe(cell, signal);
  const trials = options.trials(snapshot);
  const rows = compartmentRows(snapshot);
  const recording: Recording = { name: 'all', sites: 'all', everySteps: 1 };
  const run: RunOptions = {
    dt,
    order: options.order,
    steps: options.steps,
    recordings: [recording],
    ...(signal ? { signal } : {}),
  };
  const tally = new DifferenceTally(rows.length, options.toleranceMv);
  const somaSite = rows.indexOf(snapshot.somaNode);
  const soma = new SomaPair(somaSite, options.steps + 1);
  const spikes = new SpikeTally(dt);
  const around = new WindowAroundFirst(tally, Math.round(WINDOW_MS[0] / dt), Math.round(WINDOW_MS[1] / dt));
  const totalMs = trials.length * options.steps * dt;
  for await (const [a, b] of pairs(reference.run(cell, trials, run), other.run(cell, trials, run))) {
    tally.add(a, b);
    around.add(a, b);
    soma.add(a, b);
    options.onProgress?.((tally.samples - 1) * dt, totalMs);
    if (!a.last) continue;
    spikes.add(soma.reference, soma.other);
    options.onSoma?.(a.trial, soma.reference, soma.other);
  }
  if (around.window !== null) options.onFirst?.(around.window);
  const events = trials.reduce((sum, trial) => sum + trial.events.time.length, 0);
  const result = resultOf(tally, spikes, { snapshot, rows, events, dt, toleranceMv: options.toleranceMv });
  return tally.first === null ? result : { ...result, divergence: await explain(options, tally.first) };
}

interface Context {
  readonly snapshot: CellSnapshot;
  readonly rows: Int32Array;
  readonly events: number;
  readonly dt: number;
  readonly toleranceMv: number;
}

function resultOf(tally: DifferenceTally, spikes: SpikeTally, context: Context): CrosscheckResult {
  const { snapshot, rows, events, dt, toleranceMv } = context;
  const voltageRangeMv = tally.samples === 0 ? 0 : tally.maxMv - tally.minMv;
  const place = (site: number) => {
    const row = rows[site] as number;
    return { section: snapshot.sectionNames[snapshot.section[row] as number] as string, x: snapshot.x[row] as number };
  };
  const within = tally.maxAbsMv <= toleranceMv && spikes.equal;
  // A difference is a difference, also where nothing much happened.
  const inert = events === 0 || !(voltageRangeMv >= INERT_RANGE_MV);
  const { first } = tally;
  return {
    status: !within ? 'differs' : inert ? 'inert' : 'agrees',
    maxAbsDiffMv: tally.maxAbsMv,
    rmsDiffMv: tally.rmsMv,
    spikeStepsEqual: spikes.equal,
    maxSpikeShiftMs: spikes.maxShiftMs,
    sites: tally.sites,
    samples: tally.samples,
    events,
    spikes: spikes.count,
    voltageRangeMv,
    toleranceMv,
    bySite: tally.bySite().map((difference, site) => ({ ...difference, ...place(site) })),
    first: first === null ? null : { ...first, ...place(first.site), timeMs: first.step * dt },
    divergence: null,
  };
}

function refusedResult(error: RefusedError, toleranceMv: number): CrosscheckResult {
  return {
    status: 'refused',
    maxAbsDiffMv: Number.NaN,
    rmsDiffMv: Number.NaN,
    spikeStepsEqual: false,
    maxSpikeShiftMs: Number.NaN,
    sites: 0,
    samples: 0,
    events: 0,
    spikes: 0,
    voltageRangeMv: 0,
    toleranceMv,
    bySite: [],
    first: null,
    divergence: null,
    refused: { construct: error.construct, message: error.message },
  };
}
