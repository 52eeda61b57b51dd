/** Comparing NEURON and the TypeScript solver on the trials of an experiment. */
import { type CrosscheckResult, crosscheck, type FirstWindow } from '../crosscheck/index.ts';
import type { Engine } from '../engine/engine.ts';
import { ownDescribe } from '../engine/own-cell.ts';
import { createSolverEngine } from '../engine/solver.ts';
import { InvalidExperimentError, UsageError } from '../errors.ts';
import { type Experiment, wholeSteps } from '../experiment/index.ts';
import type { LibmName } from '../libm/index.ts';
import { fastErrorOf, runnableMode, type SolverMode } from '../solver/index.ts';
import { type Prepared, type PrepareOptions, prepare } from './prepare.ts';

/** Largest difference that counts as agreement: what the rounding of exp explains over 6 s of the full active cell (mV). */
export const DEFAULT_TOLERANCE_MV = 1e-7;
/** What each mode promises to stay within (mV): `reference` and `exact` of NEURON, `fast`, which interpolates, of `exact`. */
const TOLERANCES_MV: Readonly<Record<SolverMode, number>> = {
  reference: DEFAULT_TOLERANCE_MV,
  exact: 1e-6,
  fast: 1e-4,
};

/** Largest difference that a mode of the solver may have from what it is judged by (mV). */
export function toleranceOf(mode: SolverMode = 'reference'): number {
  return TOLERANCES_MV[mode];
}

export interface CrosscheckExperimentOptions extends PrepareOptions {
  /** 1e-7 mV unless given, 1e-6 in mode `exact`, 1e-4 in mode `fast`; 0 where bitwise. */
  readonly toleranceMv?: number;
  /** The solver's exp, log and pow; `native` unless given, `glibc` where bitwise. */
  readonly libm?: LibmName;
  /** Compares to the last bit: both engines use glibc's functions without fused operations. */
  readonly bitwise?: boolean;
  readonly onProgress?: (timeMs: number, totalMs: number) => void;
  /** Sees both soma traces of each trial (mV, every step). */
  readonly onSoma?: (trial: number, reference: Float64Array, other: Float64Array) => void;
  /** Told at the end what the site that differed first did around that time. */
  readonly onFirst?: (window: FirstWindow) => void;
}

/** What the solver was compared with: mode fast, which is no judge of anything, with mode exact. */
export type ComparedWith = 'neuron' | 'exact';

export function comparedWith(mode: SolverMode = 'reference'): ComparedWith {
  return mode === 'fast' ? 'exact' : 'neuron';
}

/**
 * Runs every trial of an experiment on NEURON and on the solver, and compares every site at every step; in mode fast on the
 * solver's mode exact instead of NEURON.
 */
export async function crosscheckExperiment(
  experiment: Experiment,
  options: CrosscheckExperimentOptions = {},
): Promise<CrosscheckResult> {
  return crosscheckPrepared(await prepare(experiment, options), options);
}

/** The same for an experiment that has been prepared. */
export async function crosscheckPrepared(
  prepared: Prepared,
  options: Omit<CrosscheckExperimentOptions, Exclude<keyof PrepareOptions, 'libm' | 'mode' | 'signal'>>,
): Promise<CrosscheckResult> {
  const { experiment, cell } = prepared;
  const { dt, order, trials, seconds } = experiment.simulation;
  const steps = wholeSteps(seconds * 1000, dt);
  if (steps === null) {
    throw new InvalidExperimentError({
      path: '/simulation/dt',
      expected: 'a step that divides the trial',
      found: `${dt} ms`,
    });
  }
  const { bitwise = false, libm = bitwise ? 'glibc' : 'native' } = options;
  if (bitwise && libm !== 'glibc') {
    throw new UsageError(
      'a comparison to the last bit needs the solver on glibc’s functions, not on the machine’s own',
      {
        remedy: 'Leave --libm native out, or --bitwise.',
      },
    );
  }
  const mode = options.mode ?? prepared.options.mode ?? 'reference';
  if (bitwise && mode !== 'reference') {
    throw new UsageError(`only mode reference is compared to the last bit, not mode ${mode}`, {
      remedy: 'Leave --bitwise out, or --mode.',
    });
  }
  runnableMode(mode, libm);
  fastErrorOf(mode, prepared.options.fastError);
  const [reference, other] =
    mode === 'fast' ? fastEngines(prepared) : neuronAndSolver(prepared, { libm, mode, bitwise });
  try {
    return await crosscheck({
      reference,
      other,
      cell,
      trials: (snapshot) => Array.from({ length: trials }, (_, index) => prepared.trial(snapshot, index)),
      dt,
      order,
      steps,
      toleranceMv: options.toleranceMv ?? (bitwise ? 0 : toleranceOf(mode)),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
      ...(options.onSoma ? { onSoma: options.onSoma } : {}),
      ...(options.onFirst ? { onFirst: options.onFirst } : {}),
    });
  } finally {
    await Promise.all([reference.close(), other.close()]);
  }
}

function neuronAndSolver(
  prepared: Prepared,
  { libm, mode, bitwise }: { readonly libm: LibmName; readonly mode: SolverMode; readonly bitwise: boolean },
): [Engine, Engine] {
  const reference = prepared.createEngine('neuron', 1, { bitwise });
  // Only a cell that a builder makes comes from NEURON; any other is imported by the solver's side alone.
  const describe = ownDescribe((request, signal) => reference.describe(request, signal));
  return [reference, createSolverEngine({ libm, mode, describe })];
}

/** Windows are recorded in mode reference, so that one of mode fast would show nothing of its tables. */
function fastEngines(prepared: Prepared): [Engine, Engine] {
  const engineOf = (mode: SolverMode): Engine => {
    const { recordWindow: _, ...engine } = prepared.createEngine('solver', 1, { mode });
    return engine;
  };
  return [engineOf('exact'), engineOf('fast')];
}
