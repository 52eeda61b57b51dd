/** Features of traces, with the sidecar started for them. */
import { ensureEnvironment, type SetupEvent } from '../../env/index.mjs';
import { startSidecar } from '../bridge/index.ts';
import type { Trace } from '../crosscheck/index.ts';
import { extract } from '../features/extract.ts';
import type { FeatureRequest, FeatureValues } from '../features/index.ts';
import { setupError } from '../model/setup-error.ts';

export interface ExtractFeaturesOptions {
  readonly signal?: AbortSignal;
  readonly report?: (event: SetupEvent) => void;
}

/**
 * Extracts features of traces with eFEL.
 *
 * ```ts
 * const [widths] = await extractFeatures(
 *   { soma: { dtMs: 0.025, mv } },
 *   [{ trace: 'soma', feature: 'AP_width', startMs: 700, endMs: 2700, thresholdMv: -20 }],
 * );
 * ```
 */
export async function extractFeatures(
  traces: Readonly<Record<string, Trace>>,
  requests: readonly FeatureRequest[],
  { signal, report }: ExtractFeaturesOptions = {},
): Promise<FeatureValues> {
  const asked = { ...(signal ? { signal } : {}), ...(report ? { report } : {}) };
  const { python } = await ensureEnvironment('efel', asked).catch((error) => {
    throw setupError(error);
  });
  const sidecar = await startSidecar({ python, kind: 'features', ...(signal ? { signal } : {}) });
  try {
    return await extract(sidecar, traces, requests, signal);
  } finally {
    await sidecar.close();
  }
}
