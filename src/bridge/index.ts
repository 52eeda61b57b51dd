/**
 * The bridge runs Python sidecars and calls typed methods on them: parameters and results are checked on both sides, tables
 * travel as Arrow. A call is an async iterable of parts that the consumer pulls; breaking off the loop, or its AbortSignal,
 * cancels it in Python. A sidecar never outlives this process.
 */
export { float32Column, float64Column, int32Column, makeFloat64Table, stringColumn } from './arrow.ts';
export { Envelope, PART_WINDOW, PROTOCOL_VERSION } from './envelope.ts';
export { firstPart, tableNamed } from './parts.ts';
export { type Sidecar, type SidecarOptions, startSidecar } from './sidecar.ts';
export type { CallOptions, CallProgress, Method, Part, SidecarInfo } from './types.ts';
