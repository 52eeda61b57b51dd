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

/** Where a solver's curve of order 2 meets an error of NEURON's. */
export interface Match {
  /** NEURON's error (ms or mV), and the solver's at `dt` (ms): the same, interpolated between measured steps by logarithms. */
  readonly error: number;
  readonly ownError: number;
  readonly dt: number;
  /** False where none of its steps is that accurate: `dt` is then its most accurate one. */
  readonly reached: boolean;
  /** NEURON's cost over the solver's. */
  readonly speedup: number;
}

export interface EqualError {
  /** A setting of NEURON's. */
  readonly than: string;
  readonly engine: CurveEngine;
  /** At the same mean shift of spikes; at the same error of the soma's potential away from them. */
  readonly byShift: Match;
  readonly byPotential: Match;
}

/** Whether all its spikes are those of the converged solution: where not, their shifts say little. */
export function hasAllSpikes({ unmatched }: Point): boolean {
  return unmatched === 0;
}

/** For every setting of NEURON's that has all spikes, what the solver's order 2 costs at the same error. */
export function equalErrors(all: readonly Point[]): EqualError[] {
  const points = all.filter(hasAllSpikes);
  const rivals = points.filter(({ engine }) => engine === 'neuron');
  const curves = (['exact', 'fast'] as const).map((engine) => ({
    engine,
    curve: points
      .filter((point) => point.engine === engine && point.kind === 'fixed, order 2')
      .toSorted((a, b) => b.size - a.size),
  }));
  return rivals.flatMap((rival) =>
    curves
      .filter(({ curve }) => curve.length > 0)
      .map(({ engine, curve }) => ({
        than: settingName(rival),
        engine,
        byShift: match(rival, curve, (point) => point.shiftMeanMs),
        byPotential: match(rival, curve, (point) => point.quietRmsMv),
      })),
  );
}

/** @param curve from the largest step on; not empty */
function match(rival: Point, curve: readonly Point[], errorOf: (point: Point) => number): Match {
  const error = errorOf(rival);
  const after = curve.findIndex((point) => errorOf(point) <= error);
  const [coarse, fine] = [curve[after - 1], curve[after]];
  if (coarse === undefined || fine === undefined) {
    // Its coarsest step is better than needed, or its finest not good enough.
    const end = fine ?? (curve.at(-1) as Point);
    const reached = fine !== undefined;
    return { error, ownError: errorOf(end), dt: end.size, reached, speedup: rival.cost / end.cost };
  }
  const share = Math.log(errorOf(coarse) / error) / Math.log(errorOf(coarse) / errorOf(fine));
  const between = (a: number, b: number): number => a * (b / a) ** share;
  const cost = between(coarse.cost, fine.cost);
  return { error, ownError: error, dt: between(coarse.size, fine.size), reached: true, speedup: rival.cost / cost };
}
