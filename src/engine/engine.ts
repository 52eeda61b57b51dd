/**
 * What an engine is: trials in, voltages out. `crosscheck` and `dataset` know only this, so that a further engine is one
 * more file beside `neuron.ts` and `solver.ts`.
 */
import type { ModelCard } from '../model/card.ts';
import type { CellSnapshot } from '../model/snapshot.ts';
import type { SynapseSet } from '../model/synapses.ts';
import type { EventTable } from '../stimulus/events.ts';
import type { WindowOptions, WindowRecord } from './window.ts';

/** The cell to build: a resolved card and the experiment's choices. */
export interface CellRequest {
  readonly card: ModelCard;
  /** Absolute path of the morphology file, or null where a builder makes the cell. */
  readonly morphology: string | null;
  /** Absolute paths of the card's `.mod` files, in their order of compilation. */
  readonly mechanisms: readonly string[];
  /** The model's own folder, for builders. */
  readonly folder: string | null;
  /** Passive membrane and synapses only. */
  readonly passive: boolean;
  readonly synapses: SynapseSet;
  /** Factor on every gSK_E2bar (the paper's SKE2_mult_factor; 0.1 in its AMPA_SK condition). */
  readonly skFactor: number;
}

/** One trial: its number (which is its identity) and its input. */
export interface Trial {
  readonly index: number;
  readonly events: EventTable;
  /** Currents injected besides; none where absent. */
  readonly clamps?: readonly CurrentClamp[];
}

/** A step of current into one compartment, as NEURON's IClamp gives it: on while delay ≤ t < delay + duration. */
export interface CurrentClamp {
  readonly site: ClampSite;
  readonly delayMs: number;
  readonly durationMs: number;
  /** nA, inwards positive. */
  readonly amplitudeNa: number;
}

/** A name, a number among the compartments of `describe`, or a place on a section (0 < x < 1). */
export type ClampSite = 'soma' | 'nexus' | number | { readonly section: string; readonly x: number };

/** Which compartments to record: a name, or indices among the compartments of `describe`. */
export type Sites = 'soma' | 'nexus' | 'dendrites' | 'all' | Int32Array;

/** A stream of samples: sample k is the voltage at step k·everySteps, the initial state (step 0) included. */
export interface Recording {
  readonly name: string;
  readonly sites: Sites;
  readonly everySteps: number;
  /** Only samples of steps in [firstStep, lastStep]; the whole trial where absent. */
  readonly window?: { readonly firstStep: number; readonly lastStep: number };
}

export interface RunOptions {
  /** Time step (ms). */
  readonly dt: number;
  /** 1: NEURON's secondorder 0 (backward Euler); 2: secondorder 2 (staggered Crank-Nicolson). */
  readonly order: 1 | 2;
  /** Number of steps of a trial; the trial lasts steps·dt. */
  readonly steps: number;
  readonly recordings: readonly Recording[];
  readonly signal?: AbortSignal;
  /** Told a few times a second how far a trial is. */
  readonly onProgress?: (progress: TrialProgress) => void;
}

export interface TrialProgress {
  readonly trial: number;
  /** Simulated time so far and in all (ms). */
  readonly timeMs: number;
  readonly totalMs: number;
}

/**
 * Samples of one recording over at most 100 ms: `values[sample * sites + site]`, mV, float64. Blocks of one recording come
 * in order and without gaps; blocks of one trial come together.
 */
export interface VoltageBlock {
  readonly trial: number;
  readonly recording: string;
  /** Index of the first sample in this recording. */
  readonly firstSample: number;
  readonly samples: number;
  readonly sites: number;
  readonly values: Float64Array;
  /** True on the last block of a trial. */
  readonly last: boolean;
}

/** Runs a trial from its start to the window's end and records everything in the window. */
export type RecordWindow = (cell: CellRequest, trial: Trial, options: WindowOptions) => Promise<WindowRecord>;

export interface Engine {
  readonly name: 'neuron' | 'solver' | (string & {});
  /** Builds the cell and says what it is made of. Sites are the rows with membrane, in order. */
  describe(cell: CellRequest, signal?: AbortSignal): Promise<CellSnapshot>;
  /** Runs trials one after the other on the cell that was described last, or on `cell`. */
  run(
    cell: CellRequest,
    trials: Iterable<Trial> | AsyncIterable<Trial>,
    options: RunOptions,
  ): AsyncIterable<VoltageBlock>;
  /** Records everything in a window of a trial; an engine that cannot has no such method. */
  readonly recordWindow?: RecordWindow;
  /** Frees what the engine holds. */
  close(): Promise<void>;
}

/** Longest stretch of simulated time one block covers (ms). */
export const BLOCK_MS = 100;
