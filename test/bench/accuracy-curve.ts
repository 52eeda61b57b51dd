/** The accuracy-cost curve: its settings, its points, and who is how much faster at equal error. */
import type { LaneRequest } from './lane.ts';
import type { ErrorSummary } from './trace-error.ts';

export type CurveEngine = 'neuron' | 'exact' | 'fast';

export interface Setting {
  readonly engine: CurveEngine;
  /** `fixed, order 2`, `variable`: points of one engine and kind make a curve. */
  readonly kind: 'fixed, order 1' | 'fixed, order 2' | 'variable';
  /** Step (ms), or the tolerance of the variable step. */
  readonly size: number;
}

/** What all are compared with. */
export const REFERENCE: Setting = { engine: 'neuron', kind: 'variable', size: 1e-7 };

export const SETTINGS: readonly Setting[] = [
  ...fixed('neuron', 1, [0.025, 0.0125]),
  ...fixed('neuron', 2, [0.1, 0.05, 0.025, 0.0125]),
  ...[1e-2, 1e-3, 1e-4].map((size): Setting => ({ engine: 'neuron', kind: 'variable', size })),
  ...(['exact', 'fast'] as const).flatMap((engine) => [
    ...fixed(engine, 1, [0.1, 0.05, 0.025, 0.0125, 0.00625]),
    ...fixed(engine, 2, [0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]),
  ]),
];

function fixed(engine: CurveEngine, order: 1 | 2, steps: readonly number[]): Setting[] {
  return steps.map((size) => ({ engine, kind: `fixed, order ${order}`, size }));
}

export function requestOf({ kind, size }: Setting, trial: number, duration: number): LaneRequest {
  if (kind === 'variable') return { trial, duration, tolerance: size };
  return { trial, duration, dt: size, order: kind === 'fixed, order 1' ? 1 : 2 };
}

export function settingName({ engine, kind, size }: Setting): string {
  const who = engine === 'neuron' ? 'NEURON' : engine;
  return `${who}, ${kind}, ${kind === 'variable' ? `atol ${size.toExponential(0)}` : `dt ${size}`}`;
}

export interface Point extends Setting, ErrorSummary {
  /** Seconds of CPU per simulated second, the least of the repetitions, and the most. */
  readonly cost: number;
  readonly costMaximum: number;
}

export interface EqualError {
  /** A setting of NEURON's. */
  readonly than: string;
  readonly shiftMeanMs: number;
  readonly engine: CurveEngine;
  /** The solver's step at which its mean spike shift is that or less, between the measured ones by their logarithms (ms). */
  readonly dt: number;
  /** Whether the solver gets there; where it does not, `dt` is its most accurate step, of this shift. */
  readonly reached: boolean;
  readonly ownShiftMeanMs: number;
  /** NEURON's cost over the solver's. */
  readonly speedup: number;
}

/** For every setting of NEURON's, what the solver's order 2 costs at the same mean spike shift. */
export function equalErrors(points: readonly Point[]): EqualError[] {
  const rivals = points.filter(({ engine }) => engine === 'neuron');
  return rivals.flatMap((rival) =>
    (['exact', 'fast'] as const).flatMap((engine) => atEqualError(rival, engine, points)),
  );
}

function atEqualError(rival: Point, engine: CurveEngine, points: readonly Point[]): EqualError[] {
  const curve = points
    .filter((point) => point.engine === engine && point.kind === 'fixed, order 2')
    .toSorted((a, b) => b.size - a.size);
  const goal = rival.shiftMeanMs;
  const after = curve.findIndex(({ shiftMeanMs }) => shiftMeanMs <= goal);
  const [coarse, fine] = [curve[after - 1], curve[after]];
  const finest = curve.at(-1);
  if (finest === undefined) return [];
  const shared = { than: settingName(rival), shiftMeanMs: goal, engine };
  if (fine === undefined) return [{ ...shared, ...ends(finest, rival), reached: false }];
  if (coarse === undefined) return [{ ...shared, ...ends(fine, rival), reached: true }];
  const share = Math.log(coarse.shiftMeanMs / goal) / Math.log(coarse.shiftMeanMs / fine.shiftMeanMs);
  const between = (a: number, b: number): number => a * (b / a) ** share;
  const cost = between(coarse.cost, fine.cost);
  const dt = between(coarse.size, fine.size);
  return [{ ...shared, dt, ownShiftMeanMs: goal, reached: true, speedup: rival.cost / cost }];
}

function ends(point: Point, rival: Point): Pick<EqualError, 'dt' | 'ownShiftMeanMs' | 'speedup'> {
  return { dt: point.size, ownShiftMeanMs: point.shiftMeanMs, speedup: rival.cost / point.cost };
}
