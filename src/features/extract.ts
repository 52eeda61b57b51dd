/** Asking the features sidecar, and how far a feature lies from what was measured. */
import { makeVector, Table } from 'apache-arrow';
import type { Method, Sidecar } from '../bridge/index.ts';
import type { Trace } from '../crosscheck/index.ts';
import { isTwincellError, ProtocolError, UsageError } from '../errors.ts';
import { FeatureParams, FeatureResult } from './protocol.ts';

const EXTRACT: Method<typeof FeatureParams, typeof FeatureResult> = {
  name: 'extract',
  params: FeatureParams,
  result: FeatureResult,
};

/** A feature to extract: eFEL's name of it, of which trace, and the stimulus it is about. */
export interface FeatureRequest {
  /** Name of the trace. */
  readonly trace: string;
  readonly feature: string;
  /** When the stimulus begins and ends (ms). */
  readonly startMs: number;
  readonly endMs: number;
  /** What a spike must cross (mV). */
  readonly thresholdMv: number;
}

/** The values of each feature in order: as many as the trace has of it; null where one is not finite. */
export type FeatureValues = readonly (readonly (number | null)[])[];

/**
 * Extracts features of traces.
 * @throws UsageError where eFEL has no such feature, or a request names no trace
 */
export async function extract(
  sidecar: Sidecar,
  traces: Readonly<Record<string, Trace>>,
  requests: readonly FeatureRequest[],
  signal?: AbortSignal,
): Promise<FeatureValues> {
  const features = requests.map((request) => {
    const trace = traces[request.trace];
    if (trace === undefined) throw new UsageError(`${request.feature} is asked of a trace ${request.trace}, not given`);
    return { ...request, dtMs: trace.dtMs };
  });
  const tables = Object.fromEntries(
    Object.entries(traces).map(([name, { mv }]) => [name, new Table({ v: makeVector(Float64Array.from(mv)) })]),
  );
  try {
    for await (const { value } of sidecar.call(EXTRACT, { features }, { tables, ...(signal ? { signal } : {}) })) {
      if (value.values.length === requests.length) return value.values;
    }
  } catch (error) {
    if (!isTwincellError(error, 'Remote') || error.code !== 'feature-unknown') throw error;
    throw new UsageError(error.message, { cause: error });
  }
  throw new ProtocolError('the sidecar answered extract with other features than were asked for');
}

/** A published mean with its standard deviation. */
export interface Measured {
  readonly mean: number;
  readonly deviation: number;
}

/** The mean of a feature's values; null where the trace has none. */
export function featureMean(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value) => value !== null);
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/** How many standard deviations a value lies above the mean; null where there is no value. */
export function zScore(value: number | null, { mean, deviation }: Measured): number | null {
  return value === null ? null : (value - mean) / deviation;
}
