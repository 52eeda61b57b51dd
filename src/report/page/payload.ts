/** What travels inside the page: the report's arrays, packed. Written by `pack.ts`, read by `decode.ts`. */

/** A typed array: bytes regrouped by significance, deflated, base64. */
export interface Packed {
  readonly type: 'f32' | 'i32' | 'i16';
  readonly length: number;
  readonly data: string;
}

/** Evenly spaced values: `start + step * k`. */
export interface Ramp {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

export interface CellPayload {
  readonly sectionNames: readonly string[];
  readonly section: Packed;
  /** Index into REGIONS. */
  readonly region: Packed;
  readonly segment: Packed;
  readonly parent: Packed;
  readonly diameter: Packed;
  readonly distance: Packed | null;
  readonly x: Packed;
  readonly y: Packed;
  readonly somaNode: number;
  readonly nexusNode: number;
}

/** Voltages in steps of `stepMv`, each row as differences from sample to sample (modulo 2^16). */
export interface MoviePayload {
  readonly trial: number;
  readonly compartments: number;
  readonly samples: number;
  readonly startMs: number;
  readonly stepMs: number;
  readonly stepMv: number;
  readonly deltas: Packed;
}

export interface InputPayload {
  readonly durationMs: number;
  readonly dendrites: number;
  /** Index into REGIONS, per dendritic channel. */
  readonly tree: Packed;
  readonly channel: Packed;
  readonly time: Packed;
}

export interface CrosscheckPayload {
  readonly time: Packed | Ramp;
  readonly neuron: Packed;
  readonly solver: Packed;
  readonly maxAbsDiffMv: number;
  /** solver minus NEURON, taken in float64 before packing; null where it is zero everywhere. */
  readonly difference: Packed | null;
  readonly perSite: Packed | null;
}

export interface TrainingPayload {
  readonly epoch: readonly number[];
  readonly trainLoss: readonly number[];
  readonly validationLoss: readonly number[];
  readonly auc: readonly (number | null)[];
  readonly explainedVariance: readonly number[];
  readonly learningRate: readonly number[];
}

export interface PredictionPayload {
  readonly startMs: number;
  readonly soma: Packed;
  readonly predictedSoma: Packed;
  readonly probability: Packed;
  readonly spikes: Packed;
  readonly threshold: number | null;
}

export interface Payload {
  readonly cell: CellPayload | null;
  readonly movie: MoviePayload | null;
  readonly input: InputPayload | null;
  readonly crosscheck: CrosscheckPayload | null;
  readonly training: TrainingPayload | null;
  readonly roc: { readonly falsePositive: Packed; readonly truePositive: Packed } | null;
  readonly prediction: PredictionPayload | null;
}
