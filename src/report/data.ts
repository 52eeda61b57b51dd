/**
 * What a report is made of: plain data, no engine and no file behind it. Every part but the identity may be absent; the
 * page then leaves its section out. Times are ms, voltages mV, positions µm, unless a name says otherwise.
 */
import type { CellSnapshot, SectionType } from '../model/snapshot.ts';
import type { EventTable } from '../stimulus/events.ts';
import type { TrainReport } from '../twin/protocol.ts';

export interface ReportData {
  /** Headline of the page; the experiment's name where absent. */
  readonly title?: string;
  /** One or two sentences of the user's own below the headline. */
  readonly description?: string;
  readonly identity: Identity;
  /** What made the trials. */
  readonly simulatedBy?: SimulatedBy;
  readonly summary?: Summary;
  readonly cell?: CellView;
  readonly movie?: VoltageMovie;
  readonly input?: InputRaster;
  readonly crosscheck?: CrosscheckView;
  readonly neuronShare?: NeuronShareView;
  readonly twin?: TwinView;
}

/** What makes the run repeatable. */
export interface Identity {
  readonly experiment: string;
  readonly seed?: number;
  /** Hashes of experiment, model files, mechanisms, locks and code, in the order they shall be shown. */
  readonly hashes: readonly { readonly name: string; readonly sha256: string }[];
  /** NEURON, torch, Node, twincell, ... */
  readonly versions: readonly { readonly name: string; readonly version: string }[];
  /** Where the model files come from and what their licence allows. */
  readonly licences?: readonly Licence[];
}

export interface SimulatedBy {
  readonly engine: 'neuron' | 'solver';
  /** The solver's: reference, exact or fast. */
  readonly mode?: string;
}

export interface Licence {
  readonly what: string;
  readonly licence: string;
  readonly source: string;
  /** Shown as a link where it begins with https://. */
  readonly url?: string;
}

/** The numbers at the top of the page. */
export interface Summary {
  readonly trials?: number;
  /** Simulated time of all trials together (s). */
  readonly simulatedSeconds?: number;
  readonly spikes?: number;
  readonly firingRateHz?: number;
  readonly crosscheckMaxAbsDiffMv?: number;
  /** Area under the ROC curve on held-out trials; null where they have no spike. */
  readonly auc?: number | null;
  /** A fraction: 1 is perfect. */
  readonly somaExplainedVariance?: number;
  /** How long each step took (s of wall time), in the order they ran. */
  readonly wallTimes?: readonly { readonly step: string; readonly seconds: number }[];
}

/** The tree to draw: one row per node, as in {@link CellSnapshot}. */
export interface CellView {
  readonly name: string;
  readonly sectionNames: readonly string[];
  /** Index into `sectionNames`, per node. */
  readonly section: ArrayLike<number>;
  readonly sectionType: readonly SectionType[];
  /** Segment within the section, or -1 for a node without membrane. Nodes with membrane, in order, are the compartments. */
  readonly segment: ArrayLike<number>;
  /** Row of the parent, -1 for the root. */
  readonly parent: ArrayLike<number>;
  readonly diameter: ArrayLike<number>;
  readonly pathDistance?: ArrayLike<number>;
  readonly position: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number>; readonly z: ArrayLike<number> };
  /** Rows of soma(0.5) and of the nexus. */
  readonly somaNode: number;
  readonly nexusNode?: number;
}

/** The voltage of every compartment in one trial: `values[compartment * samples + sample]`, sample k at startMs + k·stepMs. */
export interface VoltageMovie {
  /** Who computed it, for the text: NEURON. */
  readonly engine?: string;
  readonly trial: number;
  readonly compartments: number;
  readonly samples: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float32Array | Float64Array;
}

/** The input of one trial, for the raster. */
export interface InputRaster {
  readonly trial: number;
  readonly durationMs: number;
  readonly events: EventTable;
  /** Tree of each dendritic channel; channels without one count as `other`. */
  readonly tree: readonly SectionType[];
}

/** Two engines on the same trial. */
export interface CrosscheckView {
  readonly trial: number;
  readonly status: 'agrees' | 'differs' | 'inert' | 'refused';
  readonly passive: boolean;
  readonly timeMs: Float64Array;
  readonly neuron: Float64Array;
  readonly solver: Float64Array;
  readonly maxAbsDiffMv: number;
  readonly rmsDiffMv?: number;
  /** What the verdict was measured against. */
  readonly toleranceMv?: number;
  readonly sites: number;
  readonly samples: number;
  readonly events: number;
  readonly spikes?: number;
  readonly voltageRangeMv?: number;
  /** Largest difference at each compared site, in the engines' order (mV). */
  readonly maxAbsDiffPerSite?: Float64Array;
}

/** The solver's trials that NEURON ran again. */
export interface NeuronShareView {
  /** What was asked for, from 0 to 1, and of how many trials. */
  readonly share: number;
  readonly trials: number;
  /** Up to here the two agree (mV). */
  readonly toleranceMv: number;
  readonly checks: readonly {
    readonly trial: number;
    /** The solver gave the data set's bytes again. */
    readonly reproduced: boolean;
    /** NEURON's. */
    readonly spikes: number;
    /** At the times the data set holds, and at the same steps. */
    readonly spikesEqual: boolean;
    readonly spikeStepsEqual: boolean;
    /** At any place and step; null where a voltage was no number. */
    readonly maxAbsDiffMv: number | null;
  }[];
}

export interface TwinView {
  readonly training?: readonly TrainReport[];
  readonly roc?: RocCurve;
  readonly prediction?: Prediction;
  readonly metrics?: TwinMetrics;
}

/** Rates from 0 to 1, both rising. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  readonly auc: number;
}

/** One held-out trial: one value a ms from `startMs` on. */
export interface Prediction {
  readonly trial: number;
  readonly startMs: number;
  readonly soma: Float32Array | Float64Array;
  readonly predictedSoma: Float32Array | Float64Array;
  readonly spikeProbability: Float32Array | Float64Array;
  /** Times of the simulated spikes (ms of the trial). */
  readonly spikeTimes: ArrayLike<number>;
  /** Probability above which the twin is taken to say "spike", and what that threshold costs. */
  readonly threshold?: { readonly probability: number; readonly falsePositiveRate: number };
}

export interface SomaScore {
  /** A fraction: 1 is perfect. */
  readonly explainedVariance: number;
  readonly rmseMv: number;
  readonly maeMv: number;
}

/** Scores on the held-out trials. */
export interface TwinMetrics {
  readonly trials: number;
  readonly spikes: number;
  readonly auc: number | null;
  readonly truePositiveRateAt025Percent: number | null;
  readonly truePositiveRateAt1Percent: number | null;
  /** The prediction as it is, and rescaled to the target's mean and deviation as the original evaluation does. */
  readonly soma: SomaScore;
  readonly somaRescaled?: SomaScore;
}

/** The part of a snapshot that is drawn. */
export function cellView(name: string, snapshot: CellSnapshot): CellView {
  const { sectionNames, section, sectionType, segment, parent, diameter, pathDistance, position } = snapshot;
  const { somaNode, nexusNode } = snapshot;
  return {
    name,
    sectionNames,
    section,
    sectionType,
    segment,
    parent,
    diameter,
    pathDistance,
    position,
    somaNode,
    nexusNode,
  };
}
